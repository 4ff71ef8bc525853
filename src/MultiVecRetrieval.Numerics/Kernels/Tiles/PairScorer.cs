using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Scores chosen query rows with chosen blocks of Float32 rows, to the bit as <see cref="MaxSimScorer"/> does.</summary>
internal sealed class PairScorer
{
    /// <summary>Pairs that are scored together.</summary>
    private const int GroupLength = 4;

    private readonly float[] _query;
    private readonly int _dimension;
    private readonly InstructionSet _instructionSet;

    public PairScorer(MultiVectorView query, InstructionSet instructionSet)
    {
        _query = query.Values.ToArray();
        _dimension = query.Dimension;
        _instructionSet = instructionSet;
    }

    /// <summary>Raises the lanes of the pairs' query rows; a NaN raises nothing.</summary>
    /// <param name="blocks">Blocks of Float32 rows.</param>
    /// <param name="firstRow">The query row that <see cref="RowBlock.Row"/> 0 means.</param>
    /// <param name="pairs">What to score.</param>
    /// <param name="lanes">[rows][16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fold(ReadOnlySpan<byte> blocks, int firstRow, ReadOnlySpan<RowBlock> pairs, Span<float> lanes)
    {
        Span<RowBlock> last = stackalloc RowBlock[GroupLength];
        for (int i = 0; i < pairs.Length; i += GroupLength)
        {
            scoped ReadOnlySpan<RowBlock> group = pairs[i..];
            if (group.Length < GroupLength)
            {
                // A maximum does not change when a pair comes twice.
                last.Fill(group[0]);
                group.CopyTo(last);
                group = last;
            }

            FoldGroup(blocks, firstRow, group[..GroupLength], lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldGroup(ReadOnlySpan<byte> blocks, int firstRow, ReadOnlySpan<RowBlock> pairs, Span<float> lanes)
    {
        nint rowSize = _dimension * sizeof(float);
        nint blockSize = rowSize * PackedRows.BlockRowCount;
        ref byte query = ref Unsafe.As<float, byte>(ref _query[firstRow * _dimension]);
        ref byte source = ref MemoryMarshal.GetReference(blocks);
        ref float best = ref MemoryMarshal.GetReference(lanes);
        switch (_instructionSet)
        {
            case InstructionSet.Avx512:
                PairKernel<FloatAvx512<Float32Rows>, Vector512<float>, Vector512<float>>.Fold(
                    ref query, rowSize, ref source, blockSize, _dimension, pairs, ref best);
                break;
            case InstructionSet.Avx2:
                PairKernel<FloatAvx2<Float32Rows>, Two<Vector256<float>>, Two<Vector256<float>>>.Fold(
                    ref query, rowSize, ref source, blockSize, _dimension, pairs, ref best);
                break;
            default:
                foreach (RowBlock pair in pairs)
                {
                    ReadOnlySpan<byte> row = MemoryMarshal.AsBytes(_query.AsSpan((firstRow + pair.Row) * _dimension, _dimension));
                    ReadOnlySpan<byte> block = blocks.Slice(pair.Block * (int)blockSize, (int)blockSize);
                    ScalarTile.Fold(RowFormat.Float32, row, block, 1, _dimension,
                        lanes.Slice(pair.Row * PackedRows.BlockRowCount, PackedRows.BlockRowCount));
                }

                break;
        }
    }
}
