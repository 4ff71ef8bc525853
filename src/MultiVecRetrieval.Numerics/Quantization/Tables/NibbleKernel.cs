using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Sums table look-ups of 4-bit codes, whichever instructions there are; each level gives the same integers.</summary>
internal sealed class NibbleKernel
{
    private const int RowCount = NibbleLayout.BlockRowCount;
    private const int BasesOfRow = 2 * RowCount;

    private readonly NibbleQuery _query;
    private readonly InstructionSet _instructionSet;
    private readonly int _stepCount;
    private readonly int _idSize;
    private readonly int _blockSize;

    public NibbleKernel(NibbleQuery query, int tableCount, InstructionSet instructionSet)
    {
        _query = query;
        _instructionSet = GetLevel(instructionSet);
        _stepCount = NibbleLayout.GetGroupCount(tableCount);
        _idSize = NibbleLayout.GetIdSize(query.CentroidCount);
        _blockSize = NibbleLayout.GetBlockSize(tableCount, query.CentroidCount);
    }

    /// <summary>Blocks that are best scored together.</summary>
    public int GroupSize => _instructionSet == InstructionSet.Avx512 ? 2 : 1;

    /// <summary>The most query rows of a tile.</summary>
    public static int GetMaxTileHeight(InstructionSet instructionSet) => GetLevel(instructionSet) switch
    {
        InstructionSet.Avx512 => 6,
        InstructionSet.Avx2 => 4,
        _ => NibbleLayout.PanelRowCount,
    };

    /// <summary>Raises the lanes of a panel to the sums of blocks.</summary>
    /// <param name="blocks">Whole blocks; with centroids at most <see cref="GroupSize"/>, else any number.</param>
    /// <param name="blockCount">How many they are.</param>
    /// <param name="panel">The panel of query rows.</param>
    /// <param name="scratch">The panel's <see cref="NibbleScratch"/>; without centroids its bases are zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fold(ReadOnlySpan<byte> blocks, int blockCount, int panel, Span<float> scratch)
    {
        for (int block = 0; _idSize > 0 && block < blockCount; block++)
        {
            FillBases(blocks.Slice((block * _blockSize) + (_stepCount * NibbleLayout.GroupSize) + RowCount, RowCount * _idSize), block,
                panel, scratch);
        }

        for (int tile = 0; ; tile++)
        {
            (int firstRow, int height) = _query.GetTile(panel, tile);
            if (height == 0)
            {
                return;
            }

            int rowOfPanel = firstRow % NibbleLayout.PanelRowCount;
            Span<byte> tables = _query.GetTables(firstRow);
            Span<float> lanes = scratch[(rowOfPanel * RowCount)..];
            if (_idSize > 0)
            {
                FoldTile<ScaledTail>(tables, height, blocks, blockCount, lanes);
            }
            else
            {
                FoldTile<PlainTail>(tables, height, blocks, blockCount, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldTile<TTail>(Span<byte> tables, int height, ReadOnlySpan<byte> blocks, int blockCount, Span<float> lanes)
        where TTail : struct, INibbleTail
    {
        switch (_instructionSet)
        {
            case InstructionSet.Avx512:
                int grouped = blockCount / NibbleAvx512By2<TTail>.GroupSize * NibbleAvx512By2<TTail>.GroupSize;
                Fold<NibbleAvx512By2<TTail>, Two<Vector512<short>>, Four<Vector512<byte>>>(tables, height, blocks, grouped, lanes);
                Fold<NibbleAvx512<TTail>, Vector512<short>, Two<Vector512<byte>>>(
                    tables, height, blocks[(grouped * _blockSize)..], blockCount - grouped, lanes);
                break;
            case InstructionSet.Avx2:
                Fold<NibbleAvx2<TTail>, Two<Vector256<ushort>>, Four<Vector256<byte>>>(tables, height, blocks, blockCount, lanes);
                break;
            default:
                FoldScalar<TTail>(tables, height, blocks, blockCount, lanes);
                break;
        }
    }

    // VPERMB came later than the rest of AVX-512.
    private static InstructionSet GetLevel(InstructionSet instructionSet) =>
        instructionSet == InstructionSet.Avx512 && !NibbleAvx512<PlainTail>.IsSupported ? InstructionSet.Avx2 : instructionSet;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold<TShape, TSum, TValues>(Span<byte> tables, int height, ReadOnlySpan<byte> blocks, int blockCount, Span<float> lanes)
        where TShape : struct, ITileShape<TSum, TValues>
        where TSum : struct
        where TValues : struct =>
        TileKernel<TShape, TSum, TValues>.Fold(
            height, ref MemoryMarshal.GetReference(tables), ref MemoryMarshal.GetReference(blocks), blockCount / TShape.GroupSize,
                _blockSize,
            _stepCount, ref MemoryMarshal.GetReference(lanes));

    // The definition of the vector kernels.
    private void FoldScalar<TTail>(ReadOnlySpan<byte> tables, int height, ReadOnlySpan<byte> blocks, int blockCount, Span<float> lanes)
        where TTail : struct, INibbleTail
    {
        const int tablesOfGroup = NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount;
        for (int block = 0; block < blockCount; block++)
        {
            ReadOnlySpan<byte> codes = blocks.Slice(block * _blockSize, _blockSize);
            for (int row = 0; row < height; row++)
            {
                ref float best = ref lanes[row * RowCount];
                int zero = MemoryMarshal.Read<int>(tables[(((_stepCount * height) + row) * tablesOfGroup)..]);
                for (int lane = 0; lane < RowCount; lane++)
                {
                    int sum = 0;
                    for (int index = 0; index < _stepCount * NibbleLayout.GroupCodeCount; index++)
                    {
                        int code = NibbleLayout.ReadCode(codes, lane, index);
                        int table = (((index / NibbleLayout.GroupCodeCount * height) + row) * tablesOfGroup)
                            + (index % NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount);
                        sum += tables[table + code];
                    }

                    if (TTail.IsScaled)
                    {
                        int product = (sum - zero) * codes[(_stepCount * NibbleLayout.GroupSize) + lane];
                        sum = (product + (TableRounding.ScaleUnit / 2)) >> TableRounding.ScaleShift;
                    }

                    int total = sum + Unsafe.Add(ref NibbleScratch.GetBases(ref best), (block % 2 * RowCount) + lane);
                    ref int largest = ref Unsafe.As<float, int>(ref Unsafe.Add(ref best, lane));
                    largest = Math.Max(largest, total);
                }
            }
        }
    }

    // A centroid's bases lie side by side by query row; a kernel wants them by entry row: a transposition, 8 x 8 at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillBases(ReadOnlySpan<byte> ids, int block, int panel, Span<float> scratch)
    {
        ref ushort bases = ref Unsafe.Add(ref NibbleScratch.GetBases(ref scratch[0]), block * RowCount);
        ref ushort source = ref MemoryMarshal.GetReference(_query.GetBases(panel));
        int stride = _query.BasesStride;
        Span<int> offsets = stackalloc int[RowCount];
        for (int row = 0; row < RowCount; row++)
        {
            offsets[row] = stride * (_idSize == 1 ? ids[row] : ids[2 * row] | (ids[(2 * row) + 1] << 8));
        }

        for (int firstQuery = 0; firstQuery < stride; firstQuery += 8)
        {
            for (int firstRow = 0; firstRow < RowCount; firstRow += 8)
            {
                ref ushort target = ref Unsafe.Add(ref bases, (firstQuery * BasesOfRow) + firstRow);
                if (Sse2.IsSupported)
                {
                    Transpose(ref Unsafe.Add(ref source, firstQuery), ref offsets[firstRow], ref target);
                    continue;
                }

                for (int query = 0; query < 8; query++)
                {
                    for (int row = 0; row < 8; row++)
                    {
                        Unsafe.Add(ref target, (query * BasesOfRow) + row) =
                            Unsafe.Add(ref source, offsets[firstRow + row] + firstQuery + query);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref ushort source, ref int offsets, ref ushort target)
    {
        Vector128<ushort> r0 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 0)));
        Vector128<ushort> r1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 1)));
        Vector128<ushort> r2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 2)));
        Vector128<ushort> r3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 3)));
        Vector128<ushort> r4 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 4)));
        Vector128<ushort> r5 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 5)));
        Vector128<ushort> r6 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 6)));
        Vector128<ushort> r7 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, Unsafe.Add(ref offsets, 7)));
        Vector128<uint> a0 = Sse2.UnpackLow(r0, r1).AsUInt32(), a1 = Sse2.UnpackHigh(r0, r1).AsUInt32();
        Vector128<uint> a2 = Sse2.UnpackLow(r2, r3).AsUInt32(), a3 = Sse2.UnpackHigh(r2, r3).AsUInt32();
        Vector128<uint> a4 = Sse2.UnpackLow(r4, r5).AsUInt32(), a5 = Sse2.UnpackHigh(r4, r5).AsUInt32();
        Vector128<uint> a6 = Sse2.UnpackLow(r6, r7).AsUInt32(), a7 = Sse2.UnpackHigh(r6, r7).AsUInt32();
        Store(Sse2.UnpackLow(a0, a2), Sse2.UnpackLow(a4, a6), ref target);
        Store(Sse2.UnpackHigh(a0, a2), Sse2.UnpackHigh(a4, a6), ref Unsafe.Add(ref target, 2 * BasesOfRow));
        Store(Sse2.UnpackLow(a1, a3), Sse2.UnpackLow(a5, a7), ref Unsafe.Add(ref target, 4 * BasesOfRow));
        Store(Sse2.UnpackHigh(a1, a3), Sse2.UnpackHigh(a5, a7), ref Unsafe.Add(ref target, 6 * BasesOfRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<uint> rows0, Vector128<uint> rows4, ref ushort target)
    {
        Sse2.UnpackLow(rows0.AsUInt64(), rows4.AsUInt64()).AsUInt16().StoreUnsafe(ref target);
        Sse2.UnpackHigh(rows0.AsUInt64(), rows4.AsUInt64()).AsUInt16().StoreUnsafe(ref Unsafe.Add(ref target, BasesOfRow));
    }
}
