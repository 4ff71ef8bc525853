namespace MultiVecRetrieval.Tiers;

/// <summary>What recall can be promised after it was measured on some queries.</summary>
/// <remarks>
/// The lower end of Wilson's one-sided 95 % interval (JASA 22, 1927) for as many trials as the shares of the queries are worth. Were all hits of a
/// query found or missed together, each query would be one trial; the less the shares vary between queries, the more trials they are worth: n p (1 - p) / v
/// of them for a mean p and a variance v (effective sample size: Kish, Survey Sampling, 1965). No query counts for more than
/// <see cref="MaxTrialsPerQuery"/>, because a few queries that find nothing may be missing in the sample.
/// </remarks>
internal static class RecallBound
{
    private const double MaxTrialsPerQuery = 3;

    // The 95th percentile of the normal distribution.
    private const double Z = 1.6449;

    /// <summary>The lower bound of the mean share.</summary>
    /// <param name="shares">Per query the share that was found, in [0, 1].</param>
    /// <param name="top">Hits of a query: no query is worth more trials.</param>
    public static double GetLower(ReadOnlySpan<double> shares, int top)
    {
        int count = shares.Length;
        if (count == 0)
            return 0;

        double sum = 0;
        foreach (double share in shares)
            sum += share;

        double mean = sum / count;
        double squares = 0;
        foreach (double share in shares)
            squares += (share - mean) * (share - mean);

        // Without any difference between queries nothing is known of it: then each is one trial.
        double variance = squares / Math.Max(1, count - 1);
        double worth = variance > 0 ? mean * (1 - mean) / variance : 1;
        return GetWilson(mean, count * Math.Clamp(worth, 1, Math.Min(MaxTrialsPerQuery, top)));
    }

    private static double GetWilson(double share, double count)
    {
        double square = Z * Z;
        double centre = share + (square / (2 * count));
        double spread = Z * Math.Sqrt(((share * (1 - share)) + (square / (4 * count))) / count);
        return Math.Max(0, (centre - spread) / (1 + (square / count)));
    }
}
