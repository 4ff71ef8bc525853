namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>What one engine did: how long it built on one thread, how much it keeps, and where its sweep came to.</summary>
/// <param name="Engine">What is shown.</param>
/// <param name="BuildSeconds">Processor time of building.</param>
/// <param name="Bytes">What it keeps, vectors it needs for exact scores included.</param>
/// <param name="Points">The sweep, by kind of query.</param>
internal sealed record DenseRun(string Engine, double BuildSeconds, double Bytes, List<DensePoint>[] Points)
{
    /// <summary>Settings beyond this recall say nothing about those that are compared.</summary>
    public const double EnoughRecall = 0.993;

    /// <summary>Processor seconds after which a setting is not measured again.</summary>
    public const double EnoughSeconds = 1;

    /// <summary>The recall of a walk that keeps so many candidates; null when it was not measured.</summary>
    public double? GetRecallAtEf(int kind, int ef) => Points[kind].FirstOrDefault(point => point.Ef == ef)?.Recall;

    /// <summary>
    /// Queries per second at a recall: between the two settings around it, on a straight line of the logarithm; null when no setting
    /// reaches it.
    /// </summary>
    public double? GetRate(int kind, double recall)
    {
        // Only settings that no other beats in both.
        DensePoint[] frontier = [.. Points[kind]
            .Where(x => !Points[kind].Any(y => y.Recall > x.Recall && y.QueriesPerSecond >= x.QueriesPerSecond))
            .OrderBy(x => x.Recall)];
        int above = Array.FindIndex(frontier, x => x.Recall >= recall);
        if (above <= 0)
        {
            return above < 0 ? null : frontier[0].QueriesPerSecond;
        }

        (DensePoint low, DensePoint high) = (frontier[above - 1], frontier[above]);
        double share = (recall - low.Recall) / (high.Recall - low.Recall);
        return Math.Exp(((1 - share) * Math.Log(low.QueriesPerSecond)) + (share * Math.Log(high.QueriesPerSecond)));
    }
}

/// <summary>One setting of a sweep.</summary>
/// <param name="Setting">As the engine names it.</param>
/// <param name="Recall">Share of the exact top that was found.</param>
/// <param name="QueriesPerSecond">Per second of processor time, one thread, the best of up to three passes.</param>
/// <param name="Ef">Candidates that a walk through a graph keeps; 0 for other engines.</param>
internal sealed record DensePoint(string Setting, double Recall, double QueriesPerSecond, int Ef = 0);
