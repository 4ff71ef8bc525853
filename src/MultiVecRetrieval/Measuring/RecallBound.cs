namespace MultiVecRetrieval.Measuring;

/// <summary>What recall can be promised after it was measured on some queries.</summary>
/// <remarks>
/// The lower end of Wilson's one-sided 95 % interval (JASA 22, 1927) for as many trials as the shares of the queries are worth. Were all
/// hits of a query found or missed together, each query would be one trial; the less the shares vary between queries, the more trials they
/// are worth: n p (1 - p) / v of them for a mean p and a variance v (effective sample size: Kish, Survey Sampling, 1965). No query counts
/// for more than
/// <see cref="MaxTrialsPerQuery"/>, because a few queries that find nothing may be missing in the sample.
/// </remarks>
internal static class RecallBound
{
    private const double MaxTrialsPerQuery = 3;

    // The 95th percentile of the normal distribution.
    private const double Z = 1.6449;

    /// <summary>The lower bound of the mean of shares in [0, 1].</summary>
    /// <param name="count">Queries.</param>
    /// <param name="sum">Sum of the shares that they found.</param>
    /// <param name="squares">Sum of the squares of the shares.</param>
    /// <param name="top">Hits of a query: no query is worth more trials.</param>
    public static double GetLower(int count, double sum, double squares, int top)
    {
        if (count == 0)
        {
            return 0;
        }

        double mean = sum / count;
        double variance = Math.Max(0, squares - (sum * mean)) / Math.Max(1, count - 1);

        // Without any difference between queries nothing is known of it: then each is one trial. Less than 1e-12 is rounding.
        double worth = variance > 1e-12 ? mean * (1 - mean) / variance : 1;
        return GetWilson(mean, count * Math.Clamp(worth, 1, Math.Min(MaxTrialsPerQuery, top)));
    }

    private static double GetWilson(double share, double count)
    {
        double square = Z * Z;
        double centre = share + (square / (2 * count));
        double spread = Z * Math.Sqrt(Math.Max(0, (share * (1 - share)) + (square / (4 * count))) / count);
        return Math.Max(0, (centre - spread) / (1 + (square / count)));
    }
}
