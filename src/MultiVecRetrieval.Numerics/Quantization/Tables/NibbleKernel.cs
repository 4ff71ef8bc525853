using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Sums table look-ups of 4-bit codes, whichever instructions there are; each level gives the same integers.</summary>
internal sealed class NibbleKernel
{
    private const int RowCount = NibbleLayout.BlockRowCount;

    private readonly NibbleQuery _query;
    private readonly InstructionSet _instructionSet;
    private readonly int _stepCount;
    private readonly int _blockSize;

    public NibbleKernel(NibbleQuery query, int tableCount, InstructionSet instructionSet)
    {
        _query = query;
        _instructionSet = GetLevel(instructionSet);
        _stepCount = NibbleLayout.GetGroupCount(tableCount);
        _blockSize = NibbleLayout.GetBlockSize(tableCount);
    }

    /// <summary>The most query rows of a tile.</summary>
    public static int GetMaxTileHeight(InstructionSet instructionSet) => GetLevel(instructionSet) switch
    {
        InstructionSet.Avx512 => 6,
        InstructionSet.Avx2 => 4,
        _ => NibbleLayout.PanelRowCount,
    };

    /// <summary>Raises the lanes of a panel to the sums of blocks.</summary>
    /// <param name="blocks">Whole blocks.</param>
    /// <param name="blockCount">How many they are.</param>
    /// <param name="panel">The panel of query rows.</param>
    /// <param name="panelLanes">The best sums of the panel, [query rows][16] of int32, in the type that tile kernels pass.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fold(ReadOnlySpan<byte> blocks, int blockCount, int panel, Span<float> panelLanes)
    {
        for (int tile = 0; ; tile++)
        {
            (int firstRow, int height) = _query.GetTile(panel, tile);
            if (height == 0)
            {
                return;
            }

            int rowOfPanel = firstRow % NibbleLayout.PanelRowCount;
            Span<byte> tables = _query.GetTables(firstRow);
            FoldTile(tables, height, blocks, blockCount, panelLanes[(rowOfPanel * RowCount)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldTile(Span<byte> tables, int height, ReadOnlySpan<byte> blocks, int blockCount, Span<float> lanes)
    {
        switch (_instructionSet)
        {
            case InstructionSet.Avx512:
                int grouped = blockCount / NibbleAvx512By2.GroupSize * NibbleAvx512By2.GroupSize;
                Fold<NibbleAvx512By2, Two<Vector512<short>>, Four<Vector512<byte>>>(tables, height, blocks, grouped, lanes);
                Fold<NibbleAvx512, Vector512<short>, Two<Vector512<byte>>>(
                    tables, height, blocks[(grouped * _blockSize)..], blockCount - grouped, lanes);
                break;
            case InstructionSet.Avx2:
                Fold<NibbleAvx2, Two<Vector256<ushort>>, Four<Vector256<byte>>>(tables, height, blocks, blockCount, lanes);
                break;
            default:
                FoldScalar(tables, height, blocks, blockCount, lanes);
                break;
        }
    }

    // VPERMB came later than the rest of AVX-512.
    private static InstructionSet GetLevel(InstructionSet instructionSet) =>
        instructionSet == InstructionSet.Avx512 && !NibbleAvx512.IsSupported ? InstructionSet.Avx2 : instructionSet;

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
    private void FoldScalar(ReadOnlySpan<byte> tables, int height, ReadOnlySpan<byte> blocks, int blockCount, Span<float> lanes)
    {
        const int tablesOfGroup = NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount;
        for (int block = 0; block < blockCount; block++)
        {
            ReadOnlySpan<byte> codes = blocks.Slice(block * _blockSize, _blockSize);
            for (int row = 0; row < height; row++)
            {
                ref float best = ref lanes[row * RowCount];
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

                    ref int largest = ref Unsafe.As<float, int>(ref Unsafe.Add(ref best, lane));
                    largest = Math.Max(largest, sum);
                }
            }
        }
    }
}
