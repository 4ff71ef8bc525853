using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>Rows as a graph stores them: the mean taken off, rotated, then int8 codes with a scale per row.</summary>
internal sealed class RowCodec
{
    private const int MeanSampleCount = 20_000;

    private readonly HadamardRotation _rotation;

    public RowCodec(float[] mean, int seed)
    {
        Mean = mean;
        _rotation = new HadamardRotation(mean.Length, seed);
    }

    public float[] Mean { get; }

    /// <summary>Codes of a row: d rounded up to a multiple of 64.</summary>
    public int CodeLength => _rotation.PaddedDimension;

    /// <summary>The mean of evenly spaced rows.</summary>
    public static RowCodec Train(RowReader read, int rowCount, int dimension, int seed)
    {
        double[] sum = new double[dimension];
        float[] row = new float[dimension];
        int count = Math.Min(rowCount, MeanSampleCount);
        for (int i = 0; i < count; i++)
        {
            int index = (int)((long)i * rowCount / count);
            read(index, row);
            if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(row)))
            {
                throw new ArgumentException($"Row {index} has a value that is NaN or infinite.", nameof(read));
            }

            for (int j = 0; j < dimension; j++)
            {
                sum[j] += row[j];
            }
        }

        return new RowCodec([.. sum.Select(x => (float)(x / Math.Max(1, count)))], seed);
    }

    /// <summary>Centres and rotates.</summary>
    /// <param name="row">d values; overwritten with the centred row.</param>
    /// <param name="rotated">As many as <see cref="CodeLength"/>.</param>
    public void Rotate(Span<float> row, Span<float> rotated)
    {
        TensorPrimitives.Subtract(row, Mean, row);
        _rotation.Apply(row, rotated);
    }

    /// <summary>Rotates a query; its inner product with the mean is the same for every row and left out.</summary>
    public void RotateQuery(ReadOnlySpan<float> query, Span<float> rotated) => _rotation.Apply(query, rotated);

    /// <summary>Rounds a rotated row to codes of a record.</summary>
    public unsafe void Encode(ReadOnlySpan<float> rotated, in NodeTable nodes, int node)
    {
        float maximum = 0;
        foreach (float value in rotated)
        {
            maximum = Math.Max(maximum, Math.Abs(value));
        }

        float factor = maximum > 0 ? 127 / maximum : 0;
        float scale = maximum / 127;
        sbyte* codes = nodes.GetCodes(node);
        int norm = 0;
        for (int i = 0; i < rotated.Length; i++)
        {
            int code = (int)Math.Clamp(MathF.Round(rotated[i] * factor), -127, 127);
            codes[i] = (sbyte)code;
            norm += code * code;
        }

        nodes.GetScale(node) = scale;
        nodes.GetNorm(node) = scale * scale * norm;
    }
}
