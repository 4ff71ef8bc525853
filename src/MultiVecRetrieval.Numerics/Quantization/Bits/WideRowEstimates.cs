using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary><see cref="RowEstimates"/> with vectors of sixteen: the same bits, in fewer instructions.</summary>
internal static class WideRowEstimates
{
    /// <summary>Lanes of running maxima per query row.</summary>
    public const int LaneCount = 16;

    private const int RowCount = BitsChunk.BlockRowCount;

    /// <summary>As <see cref="RowEstimates.ReadSide"/>, without errors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadSide(ReadOnlySpan<byte> side, bool hasBias, float biasUnit, Span<float> values)
    {
        ref ushort source = ref Unsafe.As<byte, ushort>(ref MemoryMarshal.GetReference(side));
        ref float target = ref MemoryMarshal.GetReference(values);
        for (nuint row = 0; row < RowCount; row += LaneCount)
        {
            ToSingle(Widen(ref source, row)).StoreUnsafe(ref target, row);
        }

        if (hasBias)
        {
            Vector512<float> unit = Vector512.Create(biasUnit);
            for (nuint row = RowCount; row < 2 * RowCount; row += LaneCount)
            {
                (ToSingle(Widen(ref source, row)) * unit).StoreUnsafe(ref target, row);
            }
        }
        else
        {
            values.Slice(RowCount, RowCount).Clear();
        }
    }

    /// <summary>As <see cref="RowEstimates.Compute"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(in RowEstimate row, ReadOnlySpan<ushort> sums, ReadOnlySpan<int> runShifts, ReadOnlySpan<float> side,
        Span<float> estimates)
    {
        ref ushort source = ref MemoryMarshal.GetReference(sums);
        ref float sides = ref MemoryMarshal.GetReference(side);
        ref float target = ref MemoryMarshal.GetReference(estimates);
        Vector512<float> offset = Vector512.Create(row.Offset * 0.5f);
        Vector512<float> scale = Vector512.Create(row.Scale * 2);
        for (nuint i = 0; i < RowCount; i += LaneCount)
        {
            Estimate(Sum(ref source, runShifts, i), offset, scale, ref sides, i).StoreUnsafe(ref target, i);
        }
    }

    /// <summary>Computes the inner products with a block whose rows are all of one entry, and folds them into its maxima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ComputeMaxima(
        in RowEstimate row, ReadOnlySpan<ushort> sums, ReadOnlySpan<int> runShifts, ReadOnlySpan<float> side, bool isFirst,
            Span<float> maxima)
    {
        ref ushort source = ref MemoryMarshal.GetReference(sums);
        ref float sides = ref MemoryMarshal.GetReference(side);
        ref float lanes = ref MemoryMarshal.GetReference(maxima);
        Vector512<float> offset = Vector512.Create(row.Offset * 0.5f);
        Vector512<float> scale = Vector512.Create(row.Scale * 2);
        Vector512<float> maximum = isFirst ? Vector512.Create(float.NegativeInfinity) : Vector512.LoadUnsafe(ref lanes);
        if (runShifts.Length == 1)
        {
            Vector512<float> first = Estimate(Widen(ref source, 0), offset, scale, ref sides, 0);
            Vector512<float> second = Estimate(Widen(ref source, LaneCount), offset, scale, ref sides, LaneCount);
            Vector512<float> third = Estimate(Widen(ref source, 2 * LaneCount), offset, scale, ref sides, 2 * LaneCount);
            Vector512<float> fourth = Estimate(Widen(ref source, 3 * LaneCount), offset, scale, ref sides, 3 * LaneCount);
            first = Vector512.MaxNative(Vector512.MaxNative(first, second), Vector512.MaxNative(third, fourth));
            maximum = Vector512.MaxNative(maximum, first);
        }
        else
        {
            for (nuint i = 0; i < RowCount; i += LaneCount)
            {
                maximum = Vector512.MaxNative(maximum, Estimate(Sum(ref source, runShifts, i), offset, scale, ref sides, i));
            }
        }

        maximum.StoreUnsafe(ref lanes);
    }

    /// <summary>As <see cref="ComputeMaxima"/> for four query rows whose sums have one run: factors and biases are read once for
    /// all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ComputeFourMaxima(
        ReadOnlySpan<RowEstimate> rows, ReadOnlySpan<ushort> sums, ReadOnlySpan<float> side, bool isFirst, Span<float> maxima)
    {
        ref ushort source = ref MemoryMarshal.GetReference(sums);
        ref float sides = ref MemoryMarshal.GetReference(side);
        ref float lanes = ref MemoryMarshal.GetReference(maxima);
        Vector512<float> lowest = Vector512.Create(float.NegativeInfinity);
        Vector512<float> maximum0 = isFirst ? lowest : Vector512.LoadUnsafe(ref lanes);
        Vector512<float> maximum1 = isFirst ? lowest : Vector512.LoadUnsafe(ref lanes, LaneCount);
        Vector512<float> maximum2 = isFirst ? lowest : Vector512.LoadUnsafe(ref lanes, 2 * LaneCount);
        Vector512<float> maximum3 = isFirst ? lowest : Vector512.LoadUnsafe(ref lanes, 3 * LaneCount);
        Vector512<float> offset0 = Vector512.Create(rows[0].Offset * 0.5f);
        Vector512<float> offset1 = Vector512.Create(rows[1].Offset * 0.5f);
        Vector512<float> offset2 = Vector512.Create(rows[2].Offset * 0.5f);
        Vector512<float> offset3 = Vector512.Create(rows[3].Offset * 0.5f);
        Vector512<float> scale0 = Vector512.Create(rows[0].Scale * 2);
        Vector512<float> scale1 = Vector512.Create(rows[1].Scale * 2);
        Vector512<float> scale2 = Vector512.Create(rows[2].Scale * 2);
        Vector512<float> scale3 = Vector512.Create(rows[3].Scale * 2);
        for (nuint i = 0; i < RowCount; i += LaneCount)
        {
            maximum0 = Vector512.MaxNative(maximum0, Estimate(Widen(ref source, i), offset0, scale0, ref sides, i));
            maximum1 = Vector512.MaxNative(maximum1, Estimate(Widen(ref source, RowCount + i), offset1, scale1, ref sides, i));
            maximum2 = Vector512.MaxNative(maximum2, Estimate(Widen(ref source, (2 * RowCount) + i), offset2, scale2, ref sides, i));
            maximum3 = Vector512.MaxNative(maximum3, Estimate(Widen(ref source, (3 * RowCount) + i), offset3, scale3, ref sides, i));
        }

        maximum0.StoreUnsafe(ref lanes);
        maximum1.StoreUnsafe(ref lanes, LaneCount);
        maximum2.StoreUnsafe(ref lanes, 2 * LaneCount);
        maximum3.StoreUnsafe(ref lanes, 3 * LaneCount);
    }

    /// <summary>As <see cref="RowEstimates.AddTo"/>, with scores that are written rather than added: of the only query row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ComputeScores(
        in RowEstimate row, ReadOnlySpan<ushort> sums, ReadOnlySpan<int> runShifts, ReadOnlySpan<float> side, Span<float> scores)
    {
        ref ushort source = ref MemoryMarshal.GetReference(sums);
        ref float sides = ref MemoryMarshal.GetReference(side);
        ref float target = ref MemoryMarshal.GetReference(scores);
        Vector512<float> offset = Vector512.Create(row.Offset * 0.5f);
        Vector512<float> scale = Vector512.Create(row.Scale * 2);
        Vector512<double> constant = Vector512.Create(row.Constant);
        for (nuint i = 0; i < RowCount; i += LaneCount)
        {
            Vector512<float> estimate = Estimate(Sum(ref source, runShifts, i), offset, scale, ref sides, i);
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(estimate);
            Vector512.Narrow(lower + constant, upper + constant).StoreUnsafe(ref target, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Estimate(Vector512<int> sum, Vector512<float> offset, Vector512<float> scale, ref float sides,
        nuint place)
    {
        // Half of 2·sum - offset, exact: both are below 2²³. A power of two more in the scale changes no bit of the product.
        Vector512<float> value = (Vector512.ConvertToSingle(sum) - offset) * Vector512.LoadUnsafe(ref sides, place);
        return Vector512.FusedMultiplyAdd(value, scale, Vector512.LoadUnsafe(ref sides, place + RowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Sum(ref ushort source, ReadOnlySpan<int> runShifts, nuint place)
    {
        Vector512<int> sum = Widen(ref source, place);
        for (int run = 1; run < runShifts.Length; run++)
        {
            sum = Vector512.ShiftLeft(sum, runShifts[run - 1] - runShifts[run])
                + Widen(ref source, place + ((nuint)run * PlaneTileSet.RunLength));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(ref ushort source, nuint place) =>
        Avx512F.ConvertToVector512Int32(Vector256.LoadUnsafe(ref source, place));

    // As RowEstimates reads binary16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToSingle(Vector512<int> halves)
    {
        Vector512<int> magnitude = Vector512.ShiftLeft(halves & Vector512.Create(0x7FFF), 13);
        Vector512<float> scaled = magnitude.AsSingle() * Vector512.Create(0x77800000).AsSingle();
        return (scaled.AsInt32() | Vector512.ShiftLeft(halves & Vector512.Create(0x8000), 16)).AsSingle();
    }
}
