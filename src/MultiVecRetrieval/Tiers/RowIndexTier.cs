using System.Runtime.InteropServices;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Reduction;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// A tier that indexes the rows of a segment, or what a reduction makes of them (<c>ward:16/hnsw:16</c>), which entries of many rows need. Its only
/// parameters are sample queries.
/// </summary>
internal abstract class RowIndexTier : IndexTier
{
    /// <summary>More rows than this an entry make an index larger than the rows that it shortens the way to.</summary>
    private const int MaxRowsPerEntry = 64;

    private readonly RowReducer? _reducer;

    /// <exception cref="TierSpecException">The reduction needs more than stored rows.</exception>
    /// <exception cref="ReductionSpecException">The reduction is not understood.</exception>
    protected RowIndexTier(IndexSpec spec, ReadOnlySpan<byte> parameters)
    {
        _reducer = spec.Reduction.Length == 0 ? null : Reductions.Parse(spec.Reduction);
        if (_reducer is { NeedsSaliency: true })
        {
            throw new TierSpecException(
                spec.Text, $"it needs the attention of the encoder, which stored rows do not have; choose another importance, as in saliency:16,by=distance/{spec.Family}.");
        }

        Queries = MemoryMarshal.Cast<byte, float>(parameters).ToArray();
    }

    /// <summary>Sample queries, row-major; may be empty.</summary>
    protected float[] Queries { get; }

    public override byte[] Train(TrainingSample sample, long rows, long entries, CancellationToken cancellationToken)
    {
        // Said now, rather than when the first segment is built.
        return _reducer is not null || rows <= entries * MaxRowsPerEntry
            ? MemoryMarshal.AsBytes<float>(sample.Queries).ToArray()
            : throw new ArgumentException(
                $"Entries have {rows / entries} rows on average; an index of rows is for at most {MaxRowsPerEntry}. Put a reduction before it, as in ward:16/hnsw:16.");
    }

    /// <summary>Writes where the rows of each entry end, then the index of the rows.</summary>
    public override void Build(IEntrySource entries, int threads, Stream destination, CancellationToken cancellationToken)
    {
        int dimension = entries.Dimension;
        int[] offsets = new int[entries.EntryCount + 1];
        float[]? reduced = _reducer is null ? null : Reduce(entries, offsets, threads, cancellationToken);
        for (int i = 0; _reducer is null && i < entries.EntryCount; i++)
            offsets[i + 1] = checked(offsets[i] + entries.CountRows(i));

        destination.Write(MemoryMarshal.AsBytes<int>(offsets));
        destination.Write(new byte[SegmentLayout.Align(offsets.Length * sizeof(int)) - (offsets.Length * sizeof(int))]);
        BuildIndex(
            reduced is null
                ? (index, row) => ReadRow(entries, offsets, index, row)
                : (index, row) => reduced.AsSpan(index * dimension, dimension).CopyTo(row),
            offsets[^1],
            dimension,
            threads,
            destination,
            cancellationToken);
    }

    public override unsafe SegmentIndex Open(byte* start, long length, int entryCount, int dimension) =>
        new SegmentRowIndex(start, length, entryCount, dimension, OpenIndex);

    protected abstract void BuildIndex(RowReader read, int rowCount, int dimension, int threads, Stream destination, CancellationToken cancellationToken);

    /// <exception cref="InvalidDataException">The bytes are no such index.</exception>
    protected abstract unsafe IRowIndex OpenIndex(byte* start, long length);

    private static void ReadRow(IEntrySource entries, int[] offsets, int index, Span<float> row)
    {
        int entry = Array.BinarySearch(offsets, index);
        entry = entry < 0 ? ~entry - 1 : entry;
        entries.ReadRow(entry, index - offsets[entry], row);
    }

    private float[] Reduce(IEntrySource entries, int[] offsets, int threads, CancellationToken cancellationToken)
    {
        float[][] rows = new float[entries.EntryCount][];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
            rows[i] = _reducer!.Reduce(new ReductionSource { Rows = entries.Read(i).View }).Values);
        for (int i = 0; i < rows.Length; i++)
            offsets[i + 1] = checked(offsets[i] + (rows[i].Length / entries.Dimension));

        return [.. rows.SelectMany(values => values)];
    }
}
