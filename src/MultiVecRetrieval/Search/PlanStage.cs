using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>One tier of a plan.</summary>
/// <param name="Tier">Whose codes rank: all entries in the first stage, the candidates of the stage before in another.</param>
/// <param name="Budget">Candidates that go on, to the next stage or to be scored by their rows.</param>
internal sealed record PlanStage(LiveTier Tier, int Budget);
