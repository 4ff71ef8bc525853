using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores the chunks of <see cref="SlicedSetCodec"/>.</summary>
internal sealed class SlicedSetScorer(CodeTable table, InstructionSet instructionSet) : BlockSetScorer(table, instructionSet)
{
    private readonly int _codeCount = table.CodeCount;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override ReadOnlySpan<byte> GetBlock(
        ReadOnlySpan<byte> chunk, int entryCount, int block, ReadOnlySpan<byte> wanted, Span<byte> scratch)
    {
        ReadOnlySpan<byte> planes = SlicedSets.GetBlock(chunk, entryCount, _codeCount, block);
        int planeSize = planes.Length / _codeCount;
        if (planeSize == SlicedSets.PlaneSize)
        {
            return planes;
        }

        scratch.Clear();
        for (int code = 0; code < _codeCount; code++)
        {
            planes.Slice(code * planeSize, planeSize).CopyTo(scratch[(code * SlicedSets.PlaneSize)..]);
        }

        return scratch;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override float ScoreOne(ReadOnlySpan<byte> chunk, int entryCount, int entry)
    {
        ReadOnlySpan<byte> planes = SlicedSets.GetBlock(chunk, entryCount, _codeCount, entry / SlicedSets.BlockEntryCount);
        return Kernel.ScoreOne(planes, planes.Length / _codeCount, entry % SlicedSets.BlockEntryCount);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> GetReaches(ReadOnlySpan<byte> chunk, int entryCount) =>
        chunk[(int)SlicedSets.GetSize(entryCount, _codeCount)..];
}
