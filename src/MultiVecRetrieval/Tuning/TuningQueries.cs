using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tuning;

/// <summary>Makes queries out of stored rows, for a space whose real queries nobody knows.</summary>
/// <remarks>
/// A query takes a few rows of one entry, as a user remembers a few things of a page, and turns each away from the stored row by
/// noise. Real queries may be harder, above all those of another modality than what is stored; give some when there are any.
/// </remarks>
internal static class TuningQueries
{
    /// <summary>Rows of a query at most; words of a long text query.</summary>
    private const int MaxRowCount = 16;

    /// <summary>Length of the noise beside a row of unit length: the cosine with the stored row is then 1/√(1 + 0.5²) = 0.89.</summary>
    private const float Noise = 0.5f;

    /// <param name="rows">Rows of the entries to draw from.</param>
    /// <param name="count">How many queries.</param>
    /// <param name="seed">Seed of every choice.</param>
    public static List<MultiVector> Make(SampledRows rows, int count, int seed)
    {
        Random random = new(seed);
        List<MultiVector> queries = [];
        for (int i = 0; i < count; i++)
            queries.Add(Make(rows, random.Next(rows.EntryCount), random));

        return queries;
    }

    private static MultiVector Make(SampledRows rows, int entry, Random random)
    {
        MultiVectorView stored = rows.All[entry];
        int d = stored.Dimension;
        int count = stored.RowCount == 1 ? 1 : random.Next(2, Math.Min(MaxRowCount, stored.RowCount) + 1);
        float[] values = new float[count * d];
        for (int i = 0; i < count; i++)
        {
            Span<float> row = values.AsSpan(i * d, d);
            ReadOnlySpan<float> source = stored.Row(random.Next(stored.RowCount));
            float norm = TensorPrimitives.Norm(source);
            float scale = Noise * norm / MathF.Sqrt(d);
            for (int k = 0; k < d; k++)
                row[k] = source[k] + (scale * NextGaussian(random));

            float length = TensorPrimitives.Norm<float>(row);
            if (length > 0)
                TensorPrimitives.Multiply(row, norm / length, row);
        }

        return new MultiVector(d, values);
    }

    // Box and Muller, A Note on the Generation of Random Normal Deviates, 1958.
    private static float NextGaussian(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
