using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tuning;

/// <summary>The 95 % percentile bootstrap interval of a mean.</summary>
internal static class MeanInterval
{
    private const int ResampleCount = 1000;

    /// <returns>The interval; where all values are equal, and resampling knows no spread, the rule of three widens it by 3 / n.</returns>
    public static (double Low, double High) Bootstrap(double[] values, int seed)
    {
        if (values.Length == 0)
        {
            return (0, 1);
        }

        if (values.All(value => value == values[0]))
        {
            // Hanley and Lippman-Hand, If nothing goes wrong, is everything all right?, 1983.
            double margin = 3.0 / values.Length;
            return (Math.Max(0, values[0] - margin), Math.Min(1, values[0] + margin));
        }

        double[] means = ResampledMeans.Draw(values, ResampleCount, seed);
        return (means[(int)(0.025 * (ResampleCount - 1))], means[(int)Math.Ceiling(0.975 * (ResampleCount - 1))]);
    }
}
