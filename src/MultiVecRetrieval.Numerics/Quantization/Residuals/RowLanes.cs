using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Up to eight rows side by side, [d][8]: a row is a lane, and each lane adds in the order of its coordinates.</summary>
internal static class RowLanes
{
    private const int LaneCount = ResidualEncoder.LaneCount;

    /// <summary>Puts rows side by side; lanes without a row get zeros.</summary>
    /// <param name="rows">Up to eight, [rows × d].</param>
    /// <param name="dimension">d.</param>
    /// <param name="lanes">Takes [d][8].</param>
    public static void Load(ReadOnlySpan<float> rows, int dimension, Span<float> lanes)
    {
        int rowCount = rows.Length / dimension;
        if (rowCount < LaneCount)
        {
            lanes.Clear();
        }

        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<float> values = rows.Slice(row * dimension, dimension);
            for (int k = 0; k < values.Length; k++)
            {
                lanes[(k * LaneCount) + row] = values[k];
            }
        }
    }

    /// <summary>Puts rows one after the other: as many as there is room for.</summary>
    public static void Store(ReadOnlySpan<float> lanes, int dimension, Span<float> rows)
    {
        for (int row = 0; row < rows.Length / dimension; row++)
        {
            Span<float> values = rows.Slice(row * dimension, dimension);
            for (int k = 0; k < values.Length; k++)
            {
                values[k] = lanes[(k * LaneCount) + row];
            }
        }
    }

    /// <summary>The Euclidean length of each lane, to the last bit that of <see cref="Rounding.Norm"/>.</summary>
    public static void GetNorms(ReadOnlySpan<float> lanes, Span<double> norms)
    {
        Vector256<double> lower = Vector256<double>.Zero;
        Vector256<double> upper = Vector256<double>.Zero;
        ref float values = ref MemoryMarshal.GetReference(lanes);
        for (int i = 0; i < lanes.Length; i += LaneCount)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.LoadUnsafe(ref values, (nuint)i));
            lower += first * first;
            upper += second * second;
        }

        Vector256.Sqrt(lower).CopyTo(norms);
        Vector256.Sqrt(upper).CopyTo(norms[(LaneCount / 2)..]);
    }

    /// <summary>The Euclidean distance of each lane from the same one of others, to the last bit that of
    /// <see cref="Rounding.Distance"/>.</summary>
    public static void GetDistances(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<double> distances)
    {
        Vector256<double> lower = Vector256<double>.Zero;
        Vector256<double> upper = Vector256<double>.Zero;
        ref float xs = ref MemoryMarshal.GetReference(x);
        ref float ys = ref MemoryMarshal.GetReference(y);
        for (int i = 0; i < x.Length; i += LaneCount)
        {
            (Vector256<double> firstX, Vector256<double> secondX) = Vector256.Widen(Vector256.LoadUnsafe(ref xs, (nuint)i));
            (Vector256<double> firstY, Vector256<double> secondY) = Vector256.Widen(Vector256.LoadUnsafe(ref ys, (nuint)i));
            firstX -= firstY;
            secondX -= secondY;
            lower += firstX * firstX;
            upper += secondX * secondX;
        }

        Vector256.Sqrt(lower).CopyTo(distances);
        Vector256.Sqrt(upper).CopyTo(distances[(LaneCount / 2)..]);
    }
}
