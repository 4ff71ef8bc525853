using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Scores single query rows against single blocks, four such pairs at a time, so that no sum waits for the one before.</summary>
/// <remarks>Each lane adds as in <see cref="TileKernel{TShape, TAccumulator, TValues}"/>: the bits are the same.</remarks>
internal static class PairKernel<TShape, TAccumulator, TValues>
    where TShape : struct, ITileShape<TAccumulator, TValues>
    where TAccumulator : struct
    where TValues : struct
{
    /// <summary>Raises lanes of <paramref name="best"/>, [rows][16], to the similarities of four pairs.</summary>
    /// <param name="query">All query rows, each [step].</param>
    /// <param name="rowSize">Bytes from query row to query row.</param>
    /// <param name="blocks">All blocks.</param>
    /// <param name="blockSize">Bytes from block to block.</param>
    /// <param name="stepCount">Steps of a block.</param>
    /// <param name="pairs">The four; the same one may come twice.</param>
    /// <param name="best">16 lanes per query row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(
        ref byte query, nint rowSize, ref byte blocks, nint blockSize, int stepCount, ReadOnlySpan<RowBlock> pairs, ref float best)
    {
        ref byte query0 = ref Unsafe.Add(ref query, pairs[0].Row * rowSize);
        ref byte query1 = ref Unsafe.Add(ref query, pairs[1].Row * rowSize);
        ref byte query2 = ref Unsafe.Add(ref query, pairs[2].Row * rowSize);
        ref byte query3 = ref Unsafe.Add(ref query, pairs[3].Row * rowSize);
        ref byte source0 = ref Unsafe.Add(ref blocks, pairs[0].Block * blockSize);
        ref byte source1 = ref Unsafe.Add(ref blocks, pairs[1].Block * blockSize);
        ref byte source2 = ref Unsafe.Add(ref blocks, pairs[2].Block * blockSize);
        ref byte source3 = ref Unsafe.Add(ref blocks, pairs[3].Block * blockSize);
        TAccumulator sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nint queryOffset = 0;
        nint offset = 0;
        for (int step = 0; step < stepCount; step++)
        {
            sum0 = TShape.MultiplyAdd(sum0, TShape.Load(ref Unsafe.Add(ref source0, offset), 0), ref Unsafe.Add(ref query0, queryOffset));
            sum1 = TShape.MultiplyAdd(sum1, TShape.Load(ref Unsafe.Add(ref source1, offset), 0), ref Unsafe.Add(ref query1, queryOffset));
            sum2 = TShape.MultiplyAdd(sum2, TShape.Load(ref Unsafe.Add(ref source2, offset), 0), ref Unsafe.Add(ref query2, queryOffset));
            sum3 = TShape.MultiplyAdd(sum3, TShape.Load(ref Unsafe.Add(ref source3, offset), 0), ref Unsafe.Add(ref query3, queryOffset));
            queryOffset += TShape.QueryStepSize;
            offset += TShape.BlockStepSize;
        }

        // Float blocks have no tail, and neither have query rows of floats.
        TShape.FoldMaximum(sum0, ref source0, 0, ref query0, ref Unsafe.Add(ref best, pairs[0].Row * PackedRows.BlockRowCount));
        TShape.FoldMaximum(sum1, ref source1, 0, ref query1, ref Unsafe.Add(ref best, pairs[1].Row * PackedRows.BlockRowCount));
        TShape.FoldMaximum(sum2, ref source2, 0, ref query2, ref Unsafe.Add(ref best, pairs[2].Row * PackedRows.BlockRowCount));
        TShape.FoldMaximum(sum3, ref source3, 0, ref query3, ref Unsafe.Add(ref best, pairs[3].Row * PackedRows.BlockRowCount));
    }
}
