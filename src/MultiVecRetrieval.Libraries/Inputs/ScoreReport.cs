namespace MultiVecRetrieval;

/// <summary>How alike queries and documents are.</summary>
/// <param name="Scores">One per document, in their order.</param>
/// <param name="TokenCount">Tokens that the model read.</param>
/// <param name="Notices">What was left out, for people.</param>
public sealed record ScoreReport(IReadOnlyList<PairScore> Scores, int TokenCount, IReadOnlyList<string> Notices);
