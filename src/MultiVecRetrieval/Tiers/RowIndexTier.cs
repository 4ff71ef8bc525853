using System.Runtime.InteropServices;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;
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

    public override byte[] Train(TrainingSample sample, long rows, long entries)
    {
        // Said now, rather than when the first segment is built.
        return _reducer is not null || rows <= entries * MaxRowsPerEntry
            ? MemoryMarshal.AsBytes<float>(sample.Queries).ToArray()
            : throw new ArgumentException(
                $"Entries have {rows / entries} rows on average; an index of rows is for at most {MaxRowsPerEntry}. Put a reduction before it, as in ward:16/hnsw:16.");
    }

    /// <summary>Writes where the rows of each entry end, then the index of the rows.</summary>
    public override void Build(SegmentReader reader, CodesWriter writer, int threads, CancellationToken cancellationToken)
    {
        int dimension = reader.Space.Dimension;
        int[] offsets = new int[reader.EntryCount + 1];
        float[]? reduced = _reducer is null ? null : Reduce(reader, offsets, threads, cancellationToken);
        for (int i = 0; _reducer is null && i < reader.EntryCount; i++)
            offsets[i + 1] = checked(offsets[i] + reader.Entries[i].RowCount);

        using Stream chunk = writer.BeginChunk();
        chunk.Write(MemoryMarshal.AsBytes<int>(offsets));
        chunk.Write(new byte[SegmentLayout.Align(offsets.Length * sizeof(int)) - (offsets.Length * sizeof(int))]);
        BuildIndex(
            reduced is null
                ? (index, row) => ReadRow(reader, offsets, index, row)
                : (index, row) => reduced.AsSpan(index * dimension, dimension).CopyTo(row),
            offsets[^1],
            dimension,
            threads,
            chunk,
            cancellationToken);
        writer.EndChunk(reader.EntryCount);
    }

    public override unsafe SegmentIndex Open(byte* start, long length, int entryCount, int dimension) =>
        new SegmentRowIndex(start, length, entryCount, dimension, OpenIndex);

    protected abstract void BuildIndex(RowReader read, int rowCount, int dimension, int threads, Stream destination, CancellationToken cancellationToken);

    /// <exception cref="InvalidDataException">The bytes are no such index.</exception>
    protected abstract unsafe IRowIndex OpenIndex(byte* start, long length);

    private static void ReadRow(SegmentReader reader, int[] offsets, int index, Span<float> row)
    {
        int entry = Array.BinarySearch(offsets, index);
        entry = entry < 0 ? ~entry - 1 : entry;
        EntryRecord record = reader.Entries[entry];
        if (record.RowCount == 1)
        {
            PackedRows.Unpack(reader.Space.RowFormat, reader.GetRows(record), 1, row.Length, row);
            return;
        }

        float[] rows = new float[record.RowCount * row.Length];
        PackedRows.Unpack(reader.Space.RowFormat, reader.GetRows(record), record.RowCount, row.Length, rows);
        rows.AsSpan((index - offsets[entry]) * row.Length, row.Length).CopyTo(row);
    }

    private float[] Reduce(SegmentReader reader, int[] offsets, int threads, CancellationToken cancellationToken)
    {
        float[][] rows = new float[reader.EntryCount][];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
            rows[i] = _reducer!.Reduce(new ReductionSource { Rows = reader.Read(i).View }).Values);
        for (int i = 0; i < rows.Length; i++)
            offsets[i + 1] = checked(offsets[i] + (rows[i].Length / reader.Space.Dimension));

        return [.. rows.SelectMany(values => values)];
    }
}
