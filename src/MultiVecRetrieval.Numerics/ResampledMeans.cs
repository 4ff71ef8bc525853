namespace MultiVecRetrieval.Numerics;

/// <summary>The bootstrap of a mean: how it would vary, were its values drawn again.</summary>
/// <remarks>Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.</remarks>
public static class ResampledMeans
{
    /// <summary>Means of samples of the same size, drawn with replacement, in ascending order: their percentiles are the ends of an
    /// interval.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="count">Samples to draw, at least 1.</param>
    /// <param name="seed">The same seed gives the same means.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static double[] Draw(IReadOnlyList<double> values, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (values.Count == 0)
        {
            throw new ArgumentException("A mean needs at least one value.", nameof(values));
        }

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
}
