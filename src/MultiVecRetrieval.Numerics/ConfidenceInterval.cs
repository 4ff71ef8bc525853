namespace MultiVecRetrieval.Numerics;

/// <summary>A mean with the interval that repeated samples of its values would put it in: 95 %, by the percentile bootstrap.</summary>
/// <param name="Mean">The mean of the values.</param>
/// <param name="Low">Lower end: the 2.5 percentile of means of resampled values; not above <paramref name="Mean"/>, up to the resampling
/// error.</param>
/// <param name="High">Upper end: the 97.5 percentile.</param>
/// <remarks>Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.</remarks>
public readonly record struct ConfidenceInterval(double Mean, double Low, double High)
{
    /// <summary>Samples that are drawn unless it is said otherwise.</summary>
    public const int DefaultSampleCount = 10_000;

    private const int LeastSampleCount = 100;

    /// <summary>The interval of the mean of some values; a point where all are equal.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="sampleCount">Samples of the same size to draw, with replacement; at least 100.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few samples.</exception>
    public static ConfidenceInterval OfMean(IReadOnlyList<double> values, int sampleCount = DefaultSampleCount, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleCount, LeastSampleCount);
        if (values.Count == 0)
        {
            throw new ArgumentException("A mean needs at least one value.", nameof(values));
        }

        double[] means = DrawMeans(values, sampleCount, seed);
        return new ConfidenceInterval(values.Average(), GetPercentile(means, 0.025), GetPercentile(means, 0.975));
    }

    /// <summary>
    /// The interval of the mean of shares, each in [0, 1]. Where all are equal, and resampling knows no spread, the rule of three widens it
    /// by 3 / n; without a value it is all of [0, 1].
    /// </summary>
    /// <param name="shares">Any number.</param>
    /// <param name="sampleCount">Samples of the same size to draw, with replacement; at least 100.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few samples.</exception>
    /// <remarks>Source: Hanley and Lippman-Hand, If nothing goes wrong, is everything all right?, 1983.</remarks>
    public static ConfidenceInterval OfShares(IReadOnlyList<double> shares, int sampleCount = DefaultSampleCount, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Count == 0)
        {
            return new ConfidenceInterval(0, 0, 1);
        }

        if (shares.All(share => share == shares[0]))
        {
            double margin = 3.0 / shares.Count;
            return new ConfidenceInterval(shares[0], Math.Max(0, shares[0] - margin), Math.Min(1, shares[0] + margin));
        }

        return OfMean(shares, sampleCount, seed);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Mean:0.000} [{Low:0.000}, {High:0.000}]");

    private static double[] DrawMeans(IReadOnlyList<double> values, int count, int seed)
    {
        Random random = new(seed);
        double[] means = new double[count];
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int j = 0; j < values.Count; j++)
            {
                sum += values[random.Next(values.Count)];
            }

            means[i] = sum / values.Count;
        }

        Array.Sort(means);
        return means;
    }

    // Interpolated between the two nearest order statistics.
    private static double GetPercentile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
