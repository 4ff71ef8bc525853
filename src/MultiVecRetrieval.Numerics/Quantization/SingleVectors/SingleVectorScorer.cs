using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>The inner product of one vector of bytes per entry with that of the query.</summary>
internal sealed class SingleVectorScorer(MultiVectorView vector, int queryRowCount, int rowSize, int stride) : CodeScorer
{
    private readonly MaxSimScorer _scorer = new(vector, RowFormat.Int8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores)
    {
        for (int entry = 0; entry < scores.Length; entry++)
        {
            scores[entry] = Score(chunk.Slice(entry * stride, stride));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            scores[i] = Score(chunk.Slice(entries[i] * stride, stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Score(ReadOnlySpan<byte> entry) =>
        (float)(_scorer.Score(entry[..rowSize], 1) + ((double)queryRowCount * BinaryPrimitives.ReadSingleLittleEndian(entry[rowSize..])));
}
