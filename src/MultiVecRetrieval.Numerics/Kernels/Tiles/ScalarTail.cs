using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>The definition of every tail kernel, in plain C#: one query row against one entry row.</summary>
internal static class ScalarTail
{
    /// <summary>Partial sums of a float row; product k is added to sum k mod 16, fused, in the order of k.</summary>
    private const int SumCount = 16;

    /// <summary>The similarity before the query's scale.</summary>
    /// <param name="format">The row's format.</param>
    /// <param name="query">The query row: float32, or codes, followed by zeros up to whole steps.</param>
    /// <param name="values">The row's d values or codes.</param>
    /// <param name="scale">The row's scale; Int8 only.</param>
    public static float Dot(RowFormat format, ReadOnlySpan<byte> query, ReadOnlySpan<byte> values, float scale)
    {
        if (format == RowFormat.Int8)
        {
            return DotInt8(MemoryMarshal.Cast<byte, sbyte>(query), MemoryMarshal.Cast<byte, sbyte>(values)) * scale;
        }

        ReadOnlySpan<float> q = MemoryMarshal.Cast<byte, float>(query);
        ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(values);
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(values);
        int dimension = format == RowFormat.Float32 ? singles.Length : halves.Length;
        Span<float> sums = stackalloc float[SumCount];
        sums.Clear();
        for (int k = 0; k < q.Length; k++)
        {
            // The zeros after d count too: they turn a sum of -0 into 0, as they do in a vector.
            float value = k >= dimension ? 0 : format == RowFormat.Float32 ? singles[k] : (float)halves[k];
            sums[k % SumCount] = MathF.FusedMultiplyAdd(value, q[k], sums[k % SumCount]);
        }

        for (int width = SumCount / 2; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
            {
                sums[i] += sums[i + width];
            }
        }

        return sums[0];
    }

    private static int DotInt8(ReadOnlySpan<sbyte> query, ReadOnlySpan<sbyte> codes)
    {
        int sum = 0;
        for (int k = 0; k < codes.Length; k++)
        {
            sum += query[k] * codes[k];
        }

        return sum;
    }
}
