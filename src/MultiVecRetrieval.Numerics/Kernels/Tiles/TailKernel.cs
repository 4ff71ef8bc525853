using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Scores one row of a tail against query rows: four of them, or two, share what is read of the entry row.</summary>
/// <remarks>The number of rows is a method, not a loop: the sums must be named locals to stay in registers.</remarks>
internal static class TailKernel<TShape, TSum, TValues>
    where TShape : struct, ITailShape<TSum, TValues>
    where TSum : struct
    where TValues : struct
{
    /// <summary>Raises one lane of <paramref name="best"/>, [rows][16], per query row; a NaN raises nothing.</summary>
    /// <param name="row">The entry row.</param>
    /// <param name="query">The first query row, [step].</param>
    /// <param name="querySize">Bytes from query row to query row.</param>
    /// <param name="offset">The first query row's offset; those of the others follow.</param>
    /// <param name="count">Query rows to score.</param>
    /// <param name="best">The lane of the first query row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(ref TailRow row, ref byte query, nint querySize, ref int offset, int count, ref float best)
    {
        int first = 0;
        for (; first + 4 <= count; first += 4)
        {
            Fold4(ref row, ref Unsafe.Add(ref query, first * querySize), querySize, ref Unsafe.Add(ref offset, first),
                ref GetLane(ref best, first));
        }

        if (first + 2 <= count)
        {
            Fold2(ref row, ref Unsafe.Add(ref query, first * querySize), querySize, ref Unsafe.Add(ref offset, first),
                ref GetLane(ref best, first));
            first += 2;
        }

        if (first < count)
        {
            Fold1(ref row, ref Unsafe.Add(ref query, first * querySize), ref Unsafe.Add(ref offset, first), ref GetLane(ref best, first));
        }
    }

    /// <summary>The similarity of one query row with one entry row of whole steps.</summary>
    /// <remarks>Each step waits for the one before; what helps is that the next product begins meanwhile, so there is little beside the
    /// steps.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ref byte source, ref byte query, int stepCount, int offset, float scale)
    {
        TSum sum = default;
        for (; stepCount >= 4; stepCount -= 4)
        {
            sum = TShape.MultiplyAdd(sum, TShape.Load(ref source), ref query);
            sum = TShape.MultiplyAdd(sum, TShape.Load(ref Unsafe.Add(ref source, TShape.StepSize)),
                ref Unsafe.Add(ref query, TailScorer.QueryStepSize));
            sum = TShape.MultiplyAdd(sum, TShape.Load(ref Unsafe.Add(ref source, 2 * TShape.StepSize)),
                ref Unsafe.Add(ref query, 2 * TailScorer.QueryStepSize));
            sum = TShape.MultiplyAdd(sum, TShape.Load(ref Unsafe.Add(ref source, 3 * TShape.StepSize)),
                ref Unsafe.Add(ref query, 3 * TailScorer.QueryStepSize));
            source = ref Unsafe.Add(ref source, 4 * TShape.StepSize);
            query = ref Unsafe.Add(ref query, 4 * TailScorer.QueryStepSize);
        }

        for (; stepCount > 0; stepCount--)
        {
            sum = TShape.MultiplyAdd(sum, TShape.Load(ref source), ref query);
            source = ref Unsafe.Add(ref source, TShape.StepSize);
            query = ref Unsafe.Add(ref query, TailScorer.QueryStepSize);
        }

        return TShape.Reduce(sum, offset, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold1(ref TailRow row, ref byte query, ref int offset, ref float best)
    {
        TSum sum0 = default;
        ref byte source = ref row.Steps;
        int stepCount = row.StepCount;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source);
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            source = ref Unsafe.Add(ref source, TShape.StepSize);
            query = ref Unsafe.Add(ref query, TailScorer.QueryStepSize);
        }

        if (row.HasLastStep)
        {
            TValues values = TShape.Load(ref row.LastStep);
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
        }

        Raise(ref best, TShape.Reduce(sum0, offset, row.Scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold2(ref TailRow row, ref byte query, nint querySize, ref int offset, ref float best)
    {
        TSum sum0 = default, sum1 = default;
        ref byte source = ref row.Steps;
        int stepCount = row.StepCount;
        ref byte query1 = ref Unsafe.Add(ref query, 1 * querySize);
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source);
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref query1);
            source = ref Unsafe.Add(ref source, TShape.StepSize);
            query = ref Unsafe.Add(ref query, TailScorer.QueryStepSize);
            query1 = ref Unsafe.Add(ref query1, TailScorer.QueryStepSize);
        }

        if (row.HasLastStep)
        {
            TValues values = TShape.Load(ref row.LastStep);
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref query1);
        }

        Raise(ref best, TShape.Reduce(sum0, offset, row.Scale));
        Raise(ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount), TShape.Reduce(sum1, Unsafe.Add(ref offset, 1), row.Scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold4(ref TailRow row, ref byte query, nint querySize, ref int offset, ref float best)
    {
        TSum sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        ref byte source = ref row.Steps;
        int stepCount = row.StepCount;
        ref byte query1 = ref Unsafe.Add(ref query, 1 * querySize);
        ref byte query2 = ref Unsafe.Add(ref query, 2 * querySize);
        ref byte query3 = ref Unsafe.Add(ref query, 3 * querySize);
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source);
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref query1);
            sum2 = TShape.MultiplyAdd(sum2, values, ref query2);
            sum3 = TShape.MultiplyAdd(sum3, values, ref query3);
            source = ref Unsafe.Add(ref source, TShape.StepSize);
            query = ref Unsafe.Add(ref query, TailScorer.QueryStepSize);
            query1 = ref Unsafe.Add(ref query1, TailScorer.QueryStepSize);
            query2 = ref Unsafe.Add(ref query2, TailScorer.QueryStepSize);
            query3 = ref Unsafe.Add(ref query3, TailScorer.QueryStepSize);
        }

        if (row.HasLastStep)
        {
            TValues values = TShape.Load(ref row.LastStep);
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref query1);
            sum2 = TShape.MultiplyAdd(sum2, values, ref query2);
            sum3 = TShape.MultiplyAdd(sum3, values, ref query3);
        }

        Raise(ref best, TShape.Reduce(sum0, offset, row.Scale));
        Raise(ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount), TShape.Reduce(sum1, Unsafe.Add(ref offset, 1), row.Scale));
        Raise(ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount), TShape.Reduce(sum2, Unsafe.Add(ref offset, 2), row.Scale));
        Raise(ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount), TShape.Reduce(sum3, Unsafe.Add(ref offset, 3), row.Scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float GetLane(ref float best, int queryRow) => ref Unsafe.Add(ref best, queryRow * PackedRows.BlockRowCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Raise(ref float best, float similarity)
    {
        if (similarity > best)
        {
            best = similarity;
        }
    }
}
