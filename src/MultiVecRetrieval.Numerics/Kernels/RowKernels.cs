using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Inner products and squared distances of padded rows, the same to the bit at every instruction set.</summary>
/// <remarks>
/// Each is added in 16 partial sums in the order of k, a product and a sum rounded apart, and the partial sums in a fixed order. So no
/// tie between rows is broken differently by another processor, and clusters do not depend on it. A product and a sum that are rounded
/// apart cost nothing over a fused one where multiplication and addition have pipes of their own.
/// </remarks>
internal static class RowKernels
{
    /// <summary>Rows are padded to a multiple of this many values.</summary>
    public const int LaneCount = 16;

    /// <summary>⟨x, y⟩.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref float a = ref MemoryMarshal.GetReference(x);
        ref float b = ref MemoryMarshal.GetReference(y);
        Vector512<float> sum = Vector512<float>.Zero;
        for (nuint k = 0; k < (nuint)x.Length; k += LaneCount)
        {
            sum += Vector512.LoadUnsafe(ref a, k) * Vector512.LoadUnsafe(ref b, k);
        }

        return Add(sum);
    }

    /// <summary>⟨row, r⟩ of the rows r from <paramref name="first"/> on, as many as there is room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(ReadOnlySpan<float> row, PaddedRows rows, int first, Span<float> products)
    {
        nuint stride = (nuint)rows.Stride;
        ref float x = ref MemoryMarshal.GetReference(row);
        int i = 0;
        for (; i + 4 <= products.Length; i += 4)
        {
            ref float y = ref MemoryMarshal.GetReference(rows.Row(first + i));
            (Vector512<float> s0, Vector512<float> s1) = (Vector512<float>.Zero, Vector512<float>.Zero);
            (Vector512<float> s2, Vector512<float> s3) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (nuint k = 0; k < stride; k += LaneCount)
            {
                Vector512<float> v = Vector512.LoadUnsafe(ref x, k);
                s0 += v * Vector512.LoadUnsafe(ref y, k);
                s1 += v * Vector512.LoadUnsafe(ref y, k + stride);
                s2 += v * Vector512.LoadUnsafe(ref y, k + (2 * stride));
                s3 += v * Vector512.LoadUnsafe(ref y, k + (3 * stride));
            }

            (products[i], products[i + 1], products[i + 2], products[i + 3]) = (Add(s0), Add(s1), Add(s2), Add(s3));
        }

        for (; i < products.Length; i++)
        {
            products[i] = Dot(row, rows.Row(first + i));
        }
    }

    /// <summary>‖row - r‖² of the rows r from <paramref name="first"/> on, as many as there is room for. No difference cancels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquaredDistances(ReadOnlySpan<float> row, PaddedRows rows, int first, Span<float> distances)
    {
        nuint stride = (nuint)rows.Stride;
        ref float x = ref MemoryMarshal.GetReference(row);
        int i = 0;
        for (; i + 4 <= distances.Length; i += 4)
        {
            ref float y = ref MemoryMarshal.GetReference(rows.Row(first + i));
            (Vector512<float> s0, Vector512<float> s1) = (Vector512<float>.Zero, Vector512<float>.Zero);
            (Vector512<float> s2, Vector512<float> s3) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (nuint k = 0; k < stride; k += LaneCount)
            {
                Vector512<float> v = Vector512.LoadUnsafe(ref x, k);
                Vector512<float> d0 = v - Vector512.LoadUnsafe(ref y, k);
                Vector512<float> d1 = v - Vector512.LoadUnsafe(ref y, k + stride);
                Vector512<float> d2 = v - Vector512.LoadUnsafe(ref y, k + (2 * stride));
                Vector512<float> d3 = v - Vector512.LoadUnsafe(ref y, k + (3 * stride));
                s0 += d0 * d0;
                s1 += d1 * d1;
                s2 += d2 * d2;
                s3 += d3 * d3;
            }

            (distances[i], distances[i + 1], distances[i + 2], distances[i + 3]) = (Add(s0), Add(s1), Add(s2), Add(s3));
        }

        for (; i < distances.Length; i++)
        {
            ref float y = ref MemoryMarshal.GetReference(rows.Row(first + i));
            Vector512<float> sum = Vector512<float>.Zero;
            for (nuint k = 0; k < stride; k += LaneCount)
            {
                Vector512<float> difference = Vector512.LoadUnsafe(ref x, k) - Vector512.LoadUnsafe(ref y, k);
                sum += difference * difference;
            }

            distances[i] = Add(sum);
        }
    }

    /// <summary>The index of the largest value, the first on a tie; -1 of none.</summary>
    public static int IndexOfMax(ReadOnlySpan<float> values)
    {
        int best = values.IsEmpty ? -1 : 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    /// <summary>Σ_j w_j max(0, s_j - b_j); all padded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfGains(ReadOnlySpan<float> best, ReadOnlySpan<float> similarities, ReadOnlySpan<float> weights)
    {
        ref float b = ref MemoryMarshal.GetReference(best);
        ref float s = ref MemoryMarshal.GetReference(similarities);
        ref float w = ref MemoryMarshal.GetReference(weights);
        Vector512<float> sum = Vector512<float>.Zero;
        for (nuint k = 0; k < (nuint)best.Length; k += LaneCount)
        {
            Vector512<float> gain = Vector512.LoadUnsafe(ref s, k) - Vector512.LoadUnsafe(ref b, k);
            Vector512<float> positive = Vector512.ConditionalSelect(
                Vector512.GreaterThan(gain, Vector512<float>.Zero), gain, Vector512<float>.Zero);
            sum += Vector512.LoadUnsafe(ref w, k) * positive;
        }

        return Add(sum);
    }

    /// <summary>b_j = max(b_j, s_j).</summary>
    public static void Raise(Span<float> best, ReadOnlySpan<float> similarities)
    {
        for (int j = 0; j < best.Length; j++)
        {
            best[j] = Math.Max(best[j], similarities[j]);
        }
    }

    // Halves onto each other: 16 to 8 to 4 to 2 to 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Add(Vector512<float> sums)
    {
        Vector256<float> eight = sums.GetLower() + sums.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.GetElement(0) + two.GetElement(1);
    }
}
