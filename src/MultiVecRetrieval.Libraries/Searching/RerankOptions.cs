namespace MultiVecRetrieval;

/// <summary>That the best hits of a search are scored again by a reranker, which reads the question and what was found together.</summary>
public sealed record RerankOptions
{
    /// <summary>Most hits that can be scored again.</summary>
    public const int MaxCandidates = 1_000;

    /// <summary>Name or folder of the reranker.</summary>
    public required string Model { get; init; }

    /// <summary>How many of the best hits are scored again; in [1, 1000]. Default 50. Those behind them keep their order.</summary>
    public int Candidates { get; init; } = 50;

    /// <summary>How long it may take. In [1 ms, 1 h]. Default 30 s.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="SearchOptionException">A value is out of range.</exception>
    internal void Check()
    {
        if (string.IsNullOrWhiteSpace(Model))
        {
            throw new SearchOptionException("rerank", "rerank names no model.");
        }

        if (Candidates is < 1 or > MaxCandidates)
        {
            throw new SearchOptionException("rerankTop", $"rerankTop is {Candidates}; it is in [1, {MaxCandidates}].");
        }

        if (TimeLimit < TimeSpan.FromMilliseconds(1) || TimeLimit > TimeSpan.FromHours(1))
        {
            throw new SearchOptionException("rerank", $"The time limit of the reranker is {TimeLimit}; it is in [1 ms, 1 h].");
        }
    }
}
