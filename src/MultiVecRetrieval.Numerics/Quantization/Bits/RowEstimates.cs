using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>From integer sums of a block to inner products, and from these to the maxima of entries.</summary>
/// <remarks>
/// Written with vectors of eight that exist at every instruction set, in software if need be, and with fused multiply-add, which rounds
/// once wherever it runs: the same bits everywhere.
/// </remarks>
internal static class RowEstimates
{
    /// <summary>Lanes of a vector; running maxima have twice as many per query row.</summary>
    public const int LaneCount = 8;

    /// <summary>Floats of a block's factors, biases and errors.</summary>
    public const int SideLength = 3 * RowCount;

    private const int RowCount = BitsChunk.BlockRowCount;

    /// <summary>Reads what a block says of its rows: factors, biases and errors as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadSide(BitsModel model, ReadOnlySpan<byte> side, bool hasErrors, Span<float> values)
    {
        ref byte source = ref MemoryMarshal.GetReference(side);
        ref float target = ref MemoryMarshal.GetReference(values);
        Vector256<float> biasUnit = Vector256.Create(model.BiasUnit);
        const nuint biasOffset = RowCount * sizeof(ushort);
        for (nuint row = 0; row < RowCount; row += 2 * LaneCount)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, 2 * row).AsUInt16());
            ToSingle(lower).StoreUnsafe(ref target, row);
            ToSingle(upper).StoreUnsafe(ref target, row + LaneCount);
            if (model.HasBias)
            {
                (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, biasOffset + (2 * row)).AsUInt16());
                (ToSingle(lower) * biasUnit).StoreUnsafe(ref target, RowCount + row);
                (ToSingle(upper) * biasUnit).StoreUnsafe(ref target, RowCount + row + LaneCount);
            }
        }

        if (!model.HasBias)
        {
            values.Slice(RowCount, RowCount).Clear();
        }

        if (hasErrors)
        {
            ReadOnlySpan<byte> errors = side[^RowCount..];
            for (int row = 0; row < RowCount; row++)
            {
                values[(2 * RowCount) + row] = ErrorSteps.GetValue(errors[row]) * model.NormUnit;
            }
        }
    }

    /// <summary>Computes the inner products of a query row with the 64 rows of a block, less the query row's constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(in RowEstimate row, ReadOnlySpan<ushort> sums, ReadOnlySpan<int> runShifts, ReadOnlySpan<float> side,
        Span<float> estimates)
    {
        ref ushort source = ref MemoryMarshal.GetReference(sums);
        ref float sides = ref MemoryMarshal.GetReference(side);
        ref float target = ref MemoryMarshal.GetReference(estimates);
        Vector256<int> offset = Vector256.Create(row.Offset);
        Vector256<float> scale = Vector256.Create(row.Scale);
        for (nuint i = 0; i < RowCount; i += 2 * LaneCount)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, i));
            for (int run = 0; run < runShifts.Length; run++)
            {
                if (run > 0)
                {
                    nuint place = ((nuint)run * PlaneTileSet.RunLength) + i;
                    (Vector256<uint> nextLower, Vector256<uint> nextUpper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, place));
                    int shift = runShifts[run - 1] - runShifts[run];
                    lower = Vector256.ShiftLeft(lower, shift) + nextLower;
                    upper = Vector256.ShiftLeft(upper, shift) + nextUpper;
                }
            }

            ComputeEight(lower.AsInt32(), offset, scale, ref sides, ref target, i);
            ComputeEight(upper.AsInt32(), offset, scale, ref sides, ref target, i + LaneCount);
        }
    }

    /// <summary>Raises estimates to upper bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Raise(BitsModel model, in RowEstimate row, ReadOnlySpan<float> side, Span<float> estimates)
    {
        // Half a unit in the last place of a binary16; below its normal numbers an absolute error.
        const double halfUnit = 1.0 / (1 << 11) * 1.001;
        double leastBias = model.HasBias ? model.BiasUnit * 3.0e-8 : 0;
        float largestBias = (float)Half.MaxValue * model.BiasUnit;
        for (int i = 0; i < RowCount; i++)
        {
            double factor = side[i];
            double bias = Math.Abs(side[RowCount + i]);
            double error = side[(2 * RowCount) + i] * 1.000001;
            double estimate = estimates[i];

            // |x| ≤ |μ| + |x - μ|, and |x - μ| ≤ |f ẑ| + error. The estimate itself was rounded twice.
            double norm = model.MeanNorm + (factor * model.MaxCodeNorm) + error;
            double rounding = (row.RoundingPerNorm * norm) + (4 * Rounding.Unit * (Math.Abs(estimate) + (2 * bias)));
            double bound = estimate + (row.Norm * error) + (row.RoundingError * factor) + (bias * halfUnit) + leastBias + rounding;
            estimates[i] = double.IsNaN(bound) || (model.HasBias && bias >= largestBias) ? float.PositiveInfinity : Rounding.Up(bound);
        }
    }

    /// <summary>Adds each estimate and the constant to its total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(ReadOnlySpan<float> estimates, double constant, Span<double> totals)
    {
        ref float source = ref MemoryMarshal.GetReference(estimates);
        ref double target = ref MemoryMarshal.GetReference(totals);
        Vector256<double> constants = Vector256.Create(constant);
        for (nuint i = 0; i < RowCount; i += LaneCount)
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, i));
            (Vector256.LoadUnsafe(ref target, i) + (lower + constants)).StoreUnsafe(ref target, i);
            (Vector256.LoadUnsafe(ref target, i + (LaneCount / 2)) + (upper + constants)).StoreUnsafe(ref target, i + (LaneCount / 2));
        }
    }

    /// <summary>Folds the estimates of a block into the maxima of the entries whose rows it has, and completed entries into their
    /// totals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(
        ReadOnlySpan<float> estimates, ReadOnlySpan<EntryPart> parts, double constant, Span<float> maxima, Span<double> totals)
    {
        ref float source = ref MemoryMarshal.GetReference(estimates);
        ref float lanes = ref MemoryMarshal.GetReference(maxima);
        foreach (ref readonly EntryPart part in parts)
        {
            Vector256<float> maximum = Vector256.Create(float.NegativeInfinity);
            if (part.IsWholeBlock)
            {
                for (nuint i = 0; i < RowCount; i += LaneCount)
                {
                    maximum = Vector256.MaxNative(maximum, Vector256.LoadUnsafe(ref source, i));
                }
            }
            else
            {
                maximum = FoldSome(ref source, part.First, part.End, maximum);
            }

            if (!part.IsFirst)
            {
                maximum = Vector256.MaxNative(maximum, Vector256.LoadUnsafe(ref lanes));
                maximum = Vector256.MaxNative(maximum, Vector256.LoadUnsafe(ref lanes, LaneCount));
            }

            if (part.IsLast)
            {
                totals[part.Slot] += GetMaximum(maximum) + constant;
            }
            else
            {
                maximum.StoreUnsafe(ref lanes);
                maximum.StoreUnsafe(ref lanes, LaneCount);
            }
        }
    }

    // Exponent and fraction of a binary16 are those of a binary32 that is 2¹¹² times too small; no bit pattern gives NaN or infinity.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToSingle(Vector256<uint> halves)
    {
        Vector256<uint> magnitude = Vector256.ShiftLeft(halves & Vector256.Create(0x7FFFu), 13);
        Vector256<float> scaled = magnitude.AsSingle() * Vector256.Create(0x77800000u).AsSingle();
        return (scaled.AsUInt32() | Vector256.ShiftLeft(halves & Vector256.Create(0x8000u), 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ComputeEight(
        Vector256<int> sum, Vector256<int> offset, Vector256<float> scale, ref float sides, ref float target, nuint place)
    {
        Vector256<float> value = Vector256.ConvertToSingle(sum + sum - offset) * Vector256.LoadUnsafe(ref sides, place);
        Vector256.FusedMultiplyAdd(value, scale, Vector256.LoadUnsafe(ref sides, place + RowCount)).StoreUnsafe(ref target, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FoldSome(ref float source, int first, int end, Vector256<float> maximum)
    {
        for (int i = first / LaneCount * LaneCount; i < end; i += LaneCount)
        {
            Vector256<int> rows = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7) + Vector256.Create(i);
            Vector256<int> inside =
                Vector256.GreaterThanOrEqual(rows, Vector256.Create(first)) & Vector256.LessThan(rows, Vector256.Create(end));
            Vector256<float> values = Vector256.ConditionalSelect(
                inside.AsSingle(), Vector256.LoadUnsafe(ref source, (nuint)i), Vector256.Create(float.NegativeInfinity));
            maximum = Vector256.MaxNative(maximum, values);
        }

        return maximum;
    }

    private static float GetMaximum(Vector256<float> lanes)
    {
        Vector128<float> four = Vector128.MaxNative(lanes.GetLower(), lanes.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }
}
