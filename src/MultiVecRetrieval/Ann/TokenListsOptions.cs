namespace MultiVecRetrieval.Ann;

/// <summary>How <see cref="TokenLists"/> are searched.</summary>
internal sealed record TokenListsOptions
{
    /// <summary>Lists that are read per query row. At least 1; all of them makes the scores those of the codes. Under a filter more are
    /// read, in inverse proportion to the entries that pass. Default 16.</summary>
    public int ProbeCount { get; init; } = 16;

    /// <summary>
    /// t': a query row whose similarity with an entry was not met counts with that of the centroid at which the lists in descending
    /// similarity hold this many postings together. 0 (default): with the best centroid that was not read, so that an imputed score is
    /// never below that of the codes.
    /// </summary>
    public long ImputationCount { get; init; }

    /// <summary>The most candidates to return. At least 1. Default 1,000.</summary>
    public int CandidateCount { get; init; } = 1_000;
}
