namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>Rounding that bounds account for.</summary>
internal static class Rounding
{
    /// <summary>u, the largest relative error of one float32 rounding to nearest.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>γ_n = n·u / (1 - n·u): the error of a float32 sum of n products, in any order, relative to the sum of their
    /// magnitudes.</summary>
    /// <remarks>Source: Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1.</remarks>
    public static double Gamma(int n) => n * Unit / (1 - (n * Unit));

    /// <summary>The least float32 that is not below <paramref name="value"/>.</summary>
    public static float Up(double value)
    {
        float rounded = (float)value;
        return rounded < value ? MathF.BitIncrement(rounded) : rounded;
    }

    /// <summary>The Euclidean length of a row, not below the true one by more than float64 rounding.</summary>
    public static double Norm(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The Euclidean distance of two rows.</summary>
    public static double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            double difference = (double)x[k] - y[k];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
