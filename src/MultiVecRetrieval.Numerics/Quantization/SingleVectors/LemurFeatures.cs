using MultiVecRetrieval.Numerics.Clustering;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>Random features of a row: ψ(x) = GELU(LayerNorm(W x)) - μ, with normal weights W and the mean μ over the sample.</summary>
/// <remarks>
/// GELU is z/2 (1 + tanh(√(2/π) (z + 0.044715 z³))), and tanh a continued fraction cut off after seven terms, within 10⁻⁴: elementary
/// functions of the C library differ in their last bits from machine to machine.
/// </remarks>
internal sealed class LemurFeatures
{
    private readonly Centroids _weights;

    /// <summary>Features of given weights.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="weights">W, [count × d].</param>
    /// <param name="mean">μ.</param>
    public LemurFeatures(int dimension, float[] weights, float[] mean)
    {
        Weights = weights;
        Mean = mean;
        _weights = new Centroids(dimension, weights, isSpherical: true);
    }

    /// <summary>W, [count × d].</summary>
    public float[] Weights { get; }

    /// <summary>μ, one value per feature.</summary>
    public float[] Mean { get; }

    /// <summary>Features of a row.</summary>
    public int Count => Mean.Length;

    /// <summary>Features of given weights, with the mean over <paramref name="rows"/>.</summary>
    public static LemurFeatures Create(int dimension, float[] weights, ReadOnlySpan<float> rows)
    {
        int count = weights.Length / dimension;
        float[] raw = new LemurFeatures(dimension, weights, new float[count]).Compute(rows);
        float[] mean = new float[count];
        for (int feature = 0; feature < count; feature++)
        {
            double sum = 0;
            for (int i = feature; i < raw.Length; i += count)
            {
                sum += raw[i];
            }

            mean[feature] = (float)(sum / (raw.Length / count));
        }

        return new LemurFeatures(dimension, weights, mean);
    }

    /// <summary>The features of rows, [rows × count].</summary>
    /// <param name="rows">[rows × d].</param>
    public float[] Compute(ReadOnlySpan<float> rows)
    {
        int dimension = Weights.Length / Count;
        float[] features = new float[checked(rows.Length / dimension * Count)];
        _weights.Multiply(rows, features);
        for (int first = 0; first < features.Length; first += Count)
        {
            Activate(features.AsSpan(first, Count));
        }

        return features;
    }

    private static double Tanh(double x)
    {
        double clamped = Math.Clamp(x, -4.97, 4.97);
        double square = clamped * clamped;
        double numerator = clamped * (135_135 + (square * (17_325 + (square * (378 + square)))));
        return numerator / (135_135 + (square * (62_370 + (square * (3_150 + (square * 28))))));
    }

    private void Activate(Span<float> values)
    {
        double sum = 0;
        double squares = 0;
        foreach (float value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        double mean = sum / values.Length;
        double variance = Math.Max(0, (squares / values.Length) - (mean * mean));

        // A row of zeros has no direction; all its features are those of 0.
        double scale = variance > 0 ? 1 / Math.Sqrt(variance) : 0;
        for (int i = 0; i < values.Length; i++)
        {
            double z = (values[i] - mean) * scale;
            double gelu = 0.5 * z * (1 + Tanh(0.7978845608028654 * (z + (0.044715 * z * z * z))));
            values[i] = (float)(gelu - Mean[i]);
        }
    }
}
