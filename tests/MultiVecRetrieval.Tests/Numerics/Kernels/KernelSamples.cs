using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

/// <summary>Seeded rows and error bounds that the kernel tests share.</summary>
internal static class KernelSamples
{
    public static readonly RowFormat[] Formats = [RowFormat.Float32, RowFormat.Float16, RowFormat.Int8];

    public static InstructionSet[] SupportedInstructionSets() =>
        [.. Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported)];

    public static MultiVector RandomRows(int seed, int rowCount, int dimension)
    {
        Random random = new(seed);
        float[] values = new float[rowCount * dimension];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return new MultiVector(dimension, values);
    }

    public static byte[] Pack(RowFormat format, MultiVector rows)
    {
        byte[] packed = new byte[PackedRows.GetSizeInBytes(format, rows.RowCount, rows.Dimension)];
        PackedRows.Pack(format, rows.View, packed);
        return packed;
    }

    public static MultiVector Unpack(RowFormat format, byte[] packed, int rowCount, int dimension)
    {
        float[] values = new float[rowCount * dimension];
        PackedRows.Unpack(format, packed, rowCount, dimension, values);
        return new MultiVector(dimension, values);
    }

    /// <summary>
    /// How far a kernel may be from MaxSim over the unpacked rows. A maximum moves by no more than its inputs, so the bound of a
    /// query row is the largest over the entry rows. For float: γ_n Σ|q_k d_k|, γ_n = n·u / (1 - n·u), u = 2⁻²⁴ (Higham 2002,
    /// §3.1). For Int8 the sum is exact but the query is rounded to steps of s: Σ|d_k|·s/2, plus the rounding of
    /// sum to float32, times row scale, times query scale. The last term is the rounding of a row's value and of the total.
    /// </summary>
    public static double Bound(RowFormat format, MultiVector query, MultiVector entry)
    {
        const double u = 1.0 / (1 << 24);
        double bound = 0;
        double total = 0;
        for (int i = 0; i < query.RowCount; i++)
        {
            double rowBound = 0;
            double magnitudeBound = 0;
            for (int j = 0; j < entry.RowCount; j++)
            {
                double magnitude = 0;
                double entrySum = 0;
                for (int k = 0; k < query.Dimension; k++)
                {
                    magnitude += Math.Abs((double)query.Row(i)[k] * entry.Row(j)[k]);
                    entrySum += Math.Abs(entry.Row(j)[k]);
                }

                int n = query.Dimension;
                double step = GetQueryStep(query.Row(i));
                double error = format == RowFormat.Int8
                    ? (entrySum * step / 2) + (4 * u * (magnitude + (entrySum * step / 2)))
                    : n * u / (1 - (n * u)) * magnitude;
                rowBound = Math.Max(rowBound, error);
                magnitudeBound = Math.Max(magnitudeBound, magnitude + error);
            }

            bound += rowBound + (u * magnitudeBound);
            total += magnitudeBound;
        }

        // The definition rounds its own total once as well.
        return bound + (2 * u * total);
    }

    /// <summary>The values of a query row whose codes an Int8 kernel adds in one int16 are k, k + 1, k + 4 and k + 5, k = 8s or 8s +
    /// 2.</summary>
    public static IEnumerable<T[]> GetInt16Sums<T>(T[] row) =>
        row.Chunk(8).SelectMany(step => new[] { 0, 2 }.Select(first =>
            new[] { first, first + 1, first + 4, first + 5 }.Where(k => k < step.Length).Select(k => step[k]).ToArray()));

    // The largest sum of values of one sign that meet in an int16 is 126 steps.
    private static double GetQueryStep(ReadOnlySpan<float> row) =>
        GetInt16Sums(row.ToArray())
            .Max(values => Math.Max(values.Sum(x => Math.Max((double)x, 0)), values.Sum(x => Math.Max(-(double)x, 0)))) / 126;
}
