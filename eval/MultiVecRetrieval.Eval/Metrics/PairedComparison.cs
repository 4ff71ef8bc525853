using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>Whether two runs differ on the same queries, by the paired randomisation test on the mean difference, two-sided.</summary>
/// <param name="QueryCount">Queries that both have.</param>
/// <param name="Difference">Mean of the second less the first, with its 95 % bootstrap interval over queries.</param>
/// <param name="PValue">How often a difference at least as large comes of exchanging the two runs query by query at random, in (0, 1]. Up
/// to 13 queries every exchange is tried, and the value is exact; else (1 + as large) / (1 + tried) of 10,000.</param>
/// <remarks>Source: Smucker, Allan and Carterette, A Comparison of Statistical Significance Tests for Information Retrieval Evaluation,
/// CIKM 2007.</remarks>
internal sealed record PairedComparison(int QueryCount, ConfidenceInterval Difference, double PValue)
{
    private const int SampleCount = 10_000;
    private const int ExactLimit = 13;

    // Sums in another order differ in the last bits; what is as large must count as such.
    private const double Slack = 1e-12;

    /// <summary>Compares two measurements of one measure.</summary>
    /// <exception cref="ArgumentException">They have no query in common.</exception>
    public static PairedComparison Of(
        IReadOnlyDictionary<string, double> first, IReadOnlyDictionary<string, double> second, int seed = 1)
    {
        double[] differences =
            [.. first.Keys.Where(second.ContainsKey).Order(StringComparer.Ordinal).Select(id => second[id] - first[id])];
        if (differences.Length == 0)
        {
            throw new ArgumentException("The two runs have no query in common.", nameof(second));
        }

        // Queries without a difference change no sum.
        double[] moving = [.. differences.Where(difference => difference != 0)];
        double p = moving.Length <= ExactLimit ? Exact(moving) : Sampled(moving, seed);
        return new PairedComparison(differences.Length, ConfidenceInterval.OfMean(differences, seed: seed), p);
    }

    private static double Exact(double[] differences)
    {
        double observed = Math.Abs(differences.Sum()) - Slack;
        int all = 1 << differences.Length;
        int extreme = 0;
        for (int signs = 0; signs < all; signs++)
        {
            int chosen = signs;
            double sum = differences.Select((difference, i) => (chosen >> i & 1) == 0 ? difference : -difference).Sum();
            extreme += Math.Abs(sum) >= observed ? 1 : 0;
        }

        return (double)extreme / all;
    }

    private static double Sampled(double[] differences, int seed)
    {
        Random random = new(seed);
        double observed = Math.Abs(differences.Sum()) - Slack;
        int extreme = 0;
        for (int sample = 0; sample < SampleCount; sample++)
        {
            double sum = 0;
            foreach (double difference in differences)
            {
                sum += random.Next(2) == 0 ? difference : -difference;
            }

            extreme += Math.Abs(sum) >= observed ? 1 : 0;
        }

        return (1.0 + extreme) / (1.0 + SampleCount);
    }
}
