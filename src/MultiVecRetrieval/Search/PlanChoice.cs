using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>How a side is to be searched.</summary>
/// <param name="Stages">Tiers that choose candidates, one after the other; none to score everything exactly.</param>
/// <param name="IsProof">Candidates of the one stage come by upper bounds, until the proof is complete.</param>
/// <param name="Expected">What was measured of these tiers and budgets; null when nothing was.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record PlanChoice(IReadOnlyList<PlanStage> Stages, bool IsProof, BudgetRecall? Expected, string Reason)
{
    /// <summary>An exact search.</summary>
    public static PlanChoice Exact(string reason) => new([], false, null, reason);

    /// <summary>The tier that is scanned; null when everything is scored exactly.</summary>
    public LiveTier? FirstTier => Stages.Count == 0 ? null : Stages[0].Tier;
}
