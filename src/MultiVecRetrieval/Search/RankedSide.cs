namespace MultiVecRetrieval.Search;

/// <summary>What one side of a search found, best first.</summary>
internal sealed record RankedSide(string Name, double Weight, IReadOnlyList<ScoredEntry> Entries);
