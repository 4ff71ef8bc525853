using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Scores a tile of 1 to 10 query rows against a run of blocks: one pass over the blocks, all sums in registers.</summary>
/// <remarks>
/// The query tile is stored [step][row], so that a step reads its broadcast values side by side, and ends with one more step. The number of
/// rows is a method, not a loop: the accumulators must be named locals to stay in registers.
/// </remarks>
internal static class TileKernel<TShape, TAccumulator, TValues>
    where TShape : struct, ITileShape<TAccumulator, TValues>
    where TAccumulator : struct
    where TValues : struct
{
    /// <summary>Raises <paramref name="best"/>, [rows][16], to the similarities of the given blocks.</summary>
    /// <param name="height">Query rows of the tile, 1 to 10.</param>
    /// <param name="query">The tile, [step][row].</param>
    /// <param name="blocks">The first block.</param>
    /// <param name="groupCount">Groups of <see cref="ITileShape{TAccumulator, TValues}.GroupSize"/> blocks to score.</param>
    /// <param name="blockSize">Bytes from block to block.</param>
    /// <param name="stepCount">Steps of a block.</param>
    /// <param name="best">16 lanes per query row.</param>
    /// <param name="ahead">What to ask for meanwhile.</param>
    /// <param name="bestStride">Lanes from what one group raises to what the next one raises; 0 when all raise the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(
        int height, ref byte query, ref byte blocks, int groupCount, nint blockSize, int stepCount, ref float best,
            ReadAhead ahead = default,
        nint bestStride = 0)
    {
        nint address = ahead.Length > 0 ? ahead.Address : ReadAhead.GetAddress(ref blocks);
        nint addressStep = ahead.Length / Math.Max(1, (nint)groupCount * stepCount);
        for (int group = 0; group < groupCount; group++)
        {
            ref byte source = ref Unsafe.Add(ref blocks, group * TShape.GroupSize * blockSize);
            switch (height)
            {
                case 1:
                    Fold1(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 2:
                    Fold2(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 3:
                    Fold3(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 4:
                    Fold4(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 5:
                    Fold5(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 6:
                    Fold6(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 7:
                    Fold7(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 8:
                    Fold8(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 9:
                    Fold9(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
                case 10:
                    Fold10(ref query, ref source, blockSize, stepCount, address, addressStep, ref best);
                    break;
            }

            address += stepCount * addressStep;
            best = ref Unsafe.Add(ref best, bestStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold1(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            query = ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold2(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold3(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold4(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold5(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            sum4 = TShape.MultiplyAdd(sum4, values, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum4, ref tail, blockSize, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 4 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold6(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            sum4 = TShape.MultiplyAdd(sum4, values, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize));
            sum5 = TShape.MultiplyAdd(sum5, values, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum4, ref tail, blockSize, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 4 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum5, ref tail, blockSize, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 5 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold7(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        TAccumulator sum5 = default, sum6 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            sum4 = TShape.MultiplyAdd(sum4, values, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize));
            sum5 = TShape.MultiplyAdd(sum5, values, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize));
            sum6 = TShape.MultiplyAdd(sum6, values, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum4, ref tail, blockSize, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 4 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum5, ref tail, blockSize, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 5 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum6, ref tail, blockSize, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 6 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold8(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        TAccumulator sum5 = default, sum6 = default, sum7 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            sum4 = TShape.MultiplyAdd(sum4, values, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize));
            sum5 = TShape.MultiplyAdd(sum5, values, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize));
            sum6 = TShape.MultiplyAdd(sum6, values, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize));
            sum7 = TShape.MultiplyAdd(sum7, values, ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 8 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum4, ref tail, blockSize, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 4 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum5, ref tail, blockSize, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 5 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum6, ref tail, blockSize, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 6 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum7, ref tail, blockSize, ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 7 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold9(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        TAccumulator sum5 = default, sum6 = default, sum7 = default, sum8 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            sum4 = TShape.MultiplyAdd(sum4, values, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize));
            sum5 = TShape.MultiplyAdd(sum5, values, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize));
            sum6 = TShape.MultiplyAdd(sum6, values, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize));
            sum7 = TShape.MultiplyAdd(sum7, values, ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize));
            sum8 = TShape.MultiplyAdd(sum8, values, ref Unsafe.Add(ref query, 8 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 9 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum4, ref tail, blockSize, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 4 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum5, ref tail, blockSize, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 5 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum6, ref tail, blockSize, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 6 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum7, ref tail, blockSize, ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 7 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum8, ref tail, blockSize, ref Unsafe.Add(ref query, 8 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 8 * PackedRows.BlockRowCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold10(ref byte query, ref byte source, nint blockSize, int stepCount, nint ahead, nint aheadStep, ref float best)
    {
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        TAccumulator sum5 = default, sum6 = default, sum7 = default, sum8 = default, sum9 = default;
        for (int step = 0; step < stepCount; step++)
        {
            TValues values = TShape.Load(ref source, blockSize);
            ReadAhead.Prefetch(ahead, TShape.LinesAhead);
            ahead += aheadStep;
            sum0 = TShape.MultiplyAdd(sum0, values, ref query);
            sum1 = TShape.MultiplyAdd(sum1, values, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize));
            sum2 = TShape.MultiplyAdd(sum2, values, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize));
            sum3 = TShape.MultiplyAdd(sum3, values, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize));
            sum4 = TShape.MultiplyAdd(sum4, values, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize));
            sum5 = TShape.MultiplyAdd(sum5, values, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize));
            sum6 = TShape.MultiplyAdd(sum6, values, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize));
            sum7 = TShape.MultiplyAdd(sum7, values, ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize));
            sum8 = TShape.MultiplyAdd(sum8, values, ref Unsafe.Add(ref query, 8 * TShape.QueryStepSize));
            sum9 = TShape.MultiplyAdd(sum9, values, ref Unsafe.Add(ref query, 9 * TShape.QueryStepSize));
            query = ref Unsafe.Add(ref query, 10 * TShape.QueryStepSize);
            source = ref Unsafe.Add(ref source, TShape.BlockStepSize);
        }

        ref byte tail = ref TShape.GetTail(ref source, blockSize, stepCount);
        TShape.FoldMaximum(sum0, ref tail, blockSize, ref query, ref best);
        TShape.FoldMaximum(
            sum1, ref tail, blockSize, ref Unsafe.Add(ref query, 1 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 1 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum2, ref tail, blockSize, ref Unsafe.Add(ref query, 2 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 2 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum3, ref tail, blockSize, ref Unsafe.Add(ref query, 3 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 3 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum4, ref tail, blockSize, ref Unsafe.Add(ref query, 4 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 4 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum5, ref tail, blockSize, ref Unsafe.Add(ref query, 5 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 5 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum6, ref tail, blockSize, ref Unsafe.Add(ref query, 6 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 6 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum7, ref tail, blockSize, ref Unsafe.Add(ref query, 7 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 7 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum8, ref tail, blockSize, ref Unsafe.Add(ref query, 8 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 8 * PackedRows.BlockRowCount));
        TShape.FoldMaximum(
            sum9, ref tail, blockSize, ref Unsafe.Add(ref query, 9 * TShape.QueryStepSize),
                ref Unsafe.Add(ref best, 9 * PackedRows.BlockRowCount));
    }
}
