namespace MultiVecRetrieval.Benchmarks;

/// <summary>What one engine answered and how long it took.</summary>
/// <param name="Name">The engine and how it searched.</param>
/// <param name="IngestSeconds">From vectors in memory or file to a searchable collection.</param>
/// <param name="LatenciesMs">One per query.</param>
/// <param name="Hits">Page numbers per query, best first.</param>
internal sealed record SearchRun(string Name, double IngestSeconds, double[] LatenciesMs, int[][] Hits)
{
    /// <summary>The first search after the collection was opened; null where that was not measured.</summary>
    public double? FirstMs { get; init; }

    /// <summary>Share of the entries that were scored by their rows, the mean over queries; null where nobody says.</summary>
    public double? Rescored { get; init; }

    /// <summary>Answers that said that they are exact.</summary>
    public int ExactCount { get; init; }

    /// <summary>The median latency.</summary>
    public double MedianMs => LatenciesMs.Order().ElementAt(LatenciesMs.Length / 2);

    /// <summary>Share of the hits of <paramref name="truth"/> that this run found, in any order.</summary>
    public double GetRecall(SearchRun truth) =>
        Hits.Zip(truth.Hits, (mine, theirs) => (double)mine.Intersect(theirs).Count() / theirs.Length).Average();

    /// <summary>Queries whose hits are the same in the same order.</summary>
    public int CountEqual(SearchRun truth) => Hits.Zip(truth.Hits, (mine, theirs) => mine.SequenceEqual(theirs)).Count(x => x);
}
