using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>Percentile bootstrap of a mean.</summary>
public static class Bootstrap
{
    /// <summary>
    /// The mean of <paramref name="values"/> and its 95 % interval: the 2.5 and 97.5 percentiles of the means of
    /// <paramref name="resampleCount"/> samples of the same size, drawn with replacement. The same seed gives the same interval.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="values"/> is empty.</exception>
    public static ConfidenceInterval MeanInterval(IReadOnlyList<double> values, int resampleCount = 10_000, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resampleCount, 100);
        double[] means = ResampledMeans.Draw(values, resampleCount, seed);
        return new ConfidenceInterval(values.Average(), Percentile(means, 0.025), Percentile(means, 0.975));
    }

    /// <summary>Linear interpolation between the two nearest order statistics.</summary>
    private static double Percentile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
