using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>
/// Another codec behind a reduction: each entry is reduced to fewer rows, and those are encoded. A first stage that is small and
/// fast because it looks at, say, a quarter of the rows; the exact rows are not touched.
/// </summary>
/// <remarks>Rows come without places, so reductions that look at places work on consecutive rows. Has no upper bounds: a dropped or merged
/// row has none.</remarks>
internal sealed class ReducedCodec(CodecSpec spec, RowReducer reducer, EntryCodec inner) : EntryCodec(spec, inner.Dimension)
{
    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        if (entries.Dimension != Dimension)
        {
            throw new ArgumentException($"The rows have {entries.Dimension} values, this codec stores {Dimension}.", nameof(entries));
        }

        int[] offsets = new int[entries.EntryCount + 1];
        float[] values = new float[entries.Values.Length];
        for (int i = 0; i < entries.EntryCount; i++)
        {
            ReducedRows reduced = reducer.Reduce(new ReductionSource { Rows = entries[i] });
            reduced.Values.CopyTo(values.AsSpan(offsets[i] * Dimension));
            offsets[i + 1] = offsets[i] + reduced.RowCount;
        }

        return inner.Encode(new EntryRows(Dimension, values.AsSpan(0, offsets[^1] * Dimension), offsets));
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) => inner.Check(chunk, entryCount);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => new Scorer(inner.CreateScorer(query));

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query, int threads) => new Scorer(inner.CreateScorer(query, threads));

    /// <inheritdoc/>
    public override byte[] WriteParameters() => inner.WriteParameters();

    // The inner bounds hold for the rows that are left, so they must not be passed on.
    private sealed class Scorer(CodeScorer inner) : CodeScorer
    {
        public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores) => inner.Score(chunk, scores);

        public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores) =>
            inner.Score(chunk, entryCount, entries, scores);
    }
}
