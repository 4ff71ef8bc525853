using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding.Folders;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Makes unit rows of what a graph gives for one input.</summary>
internal static class RowPooling
{
    // What torch.nn.functional.layer_norm adds to the variance.
    private const float LayerNormEpsilon = 1e-5f;

    /// <summary>Pools [rows × d] and brings every resulting row to unit length, unless it keeps its own.</summary>
    /// <param name="values">[rows × d] of one input.</param>
    /// <param name="dimension">d.</param>
    /// <param name="pooling">How rows become vectors.</param>
    /// <param name="mask">1 per row that counts; empty when all do.</param>
    /// <param name="layerNormalize">Normalises mean and variance of a pooled vector first.</param>
    /// <param name="keepsLength">True to leave the rows as long as they are.</param>
    /// <param name="keptDimension">Leading values that are kept of each resulting row, before its length is made 1; d by default. Models
    /// trained for it (Matryoshka representation learning, arXiv:2205.13147) put what matters most first.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static float[] Pool(
        ReadOnlySpan<float> values, int dimension, Pooling pooling, ReadOnlySpan<long> mask, bool layerNormalize, bool keepsLength = false,
        int? keptDimension = null)
    {
        int rows = values.Length / dimension;
        List<int> counted = [];
        for (int row = 0; row < rows; row++)
        {
            if (mask.IsEmpty || mask[row] != 0)
            {
                counted.Add(row);
            }
        }

        float[] pooled = pooling switch
        {
            Pooling.First => values[..dimension].ToArray(),
            Pooling.Last => values.Slice(counted[^1] * dimension, dimension).ToArray(),
            Pooling.Mean => Mean(values, dimension, counted),
            _ => Select(values, dimension, counted),
        };
        for (int start = 0; start < pooled.Length; start += dimension)
        {
            Span<float> row = pooled.AsSpan(start, dimension);
            if (layerNormalize && pooling != Pooling.Rows)
            {
                LayerNormalize(row);
            }

            Normalize(keptDimension is { } kept ? row[..kept] : row, keepsLength);
        }

        return keptDimension is { } length && length < dimension ? Shorten(pooled, dimension, length) : pooled;
    }

    private static float[] Shorten(float[] rows, int dimension, int length)
    {
        float[] shortened = new float[rows.Length / dimension * length];
        for (int row = 0; row < rows.Length / dimension; row++)
        {
            rows.AsSpan(row * dimension, length).CopyTo(shortened.AsSpan(row * length));
        }

        return shortened;
    }

    private static float[] Mean(ReadOnlySpan<float> values, int dimension, List<int> kept)
    {
        float[] sum = new float[dimension];
        foreach (int row in kept)
        {
            TensorPrimitives.Add(sum, values.Slice(row * dimension, dimension), sum);
        }

        TensorPrimitives.Divide(sum, kept.Count, sum);
        return sum;
    }

    private static float[] Select(ReadOnlySpan<float> values, int dimension, List<int> kept)
    {
        float[] rows = new float[kept.Count * dimension];
        for (int i = 0; i < kept.Count; i++)
        {
            values.Slice(kept[i] * dimension, dimension).CopyTo(rows.AsSpan(i * dimension));
        }

        return rows;
    }

    private static void LayerNormalize(Span<float> row)
    {
        float mean = TensorPrimitives.Sum(row) / row.Length;
        TensorPrimitives.Subtract(row, mean, row);
        float variance = TensorPrimitives.SumOfSquares(row) / row.Length;
        TensorPrimitives.Divide(row, MathF.Sqrt(variance + LayerNormEpsilon), row);
    }

    // A row of zeros has no direction and stays as it is: its cosine with anything counts as 0.
    private static void Normalize(Span<float> row, bool keepsLength)
    {
        float length = MathF.Sqrt(TensorPrimitives.SumOfSquares(row));
        if (!float.IsFinite(length))
        {
            throw new InvalidDataException("The graph gave a vector that is not finite.");
        }

        if (length > 0 && !keepsLength)
        {
            TensorPrimitives.Divide(row, length, row);
        }
    }
}
