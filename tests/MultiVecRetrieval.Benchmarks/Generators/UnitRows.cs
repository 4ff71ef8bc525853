using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>Row arithmetic whose results do not depend on the width of the vectors of the machine.</summary>
internal static class UnitRows
{
    /// <summary>target += scale · source, not fused.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float scale) =>
        TensorPrimitives.MultiplyAdd(source, scale, target, target);

    /// <summary>Divides a row by its length.</summary>
    public static void Normalize(Span<float> row)
    {
        TensorPrimitives.Multiply(row, 1 / MathF.Sqrt(SumOfSquares(row)), row);
    }

    // Eight sums, always: a wider machine may not add in another order.
    private static float SumOfSquares(ReadOnlySpan<float> row)
    {
        Vector256<float> sums = Vector256<float>.Zero;
        int k = 0;
        for (; k + 8 <= row.Length; k += 8)
        {
            Vector256<float> values = Vector256.Create(row[k..]);
            sums += values * values;
        }

        float sum = 0;
        for (int lane = 0; lane < 8; lane++)
        {
            sum += sums[lane];
        }

        for (; k < row.Length; k++)
        {
            sum += row[k] * row[k];
        }

        return sum;
    }
}
