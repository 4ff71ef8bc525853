using System.Runtime.InteropServices;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Reduction;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// A tier that indexes the rows of a segment, or what a reduction makes of them (<c>ward:16/hnsw:16</c>), which entries of many rows need:
/// its parameters are sample queries. Or one row an entry that an encoding makes of all (<c>lemur/hnsw</c>): its parameters are those of
/// the encoding.
/// </summary>
internal abstract class RowIndexTier : IndexTier
{
    /// <summary>More rows than this an entry make an index larger than the rows that it shortens the way to.</summary>
    private const int MaxRowsPerEntry = 64;

    private readonly IndexSpec _spec;
    private readonly RowReducer? _reducer;
    private readonly EntryEncoding? _encoding;

    /// <exception cref="SpecException">It cannot be understood, or an argument is out of its range.</exception>
    /// <exception cref="InvalidDataException">The parameters are none of the encoding.</exception>
    protected RowIndexTier(IndexSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        _spec = spec;
        HasEncoding = EntryEncoding.Accepts(spec.Reduction);
        Queries = HasEncoding ? [] : MemoryMarshal.Cast<byte, float>(parameters).ToArray();
        if (HasEncoding)
        {
            EntryEncoding.Check(spec);
            _encoding = parameters.IsEmpty ? null : EntryEncoding.Read(spec.Reduction, dimension, parameters);

            // The row of a query is many times shorter than that of an entry, and estimates err in proportion to its distance from
            // a mean: zero, as the only query of a sample, is far nearer than the mean of the rows.
            Queries = new float[_encoding?.Length ?? 0];
            return;
        }

        _reducer = spec.Reduction.Length == 0 ? null : Reductions.Parse(spec.Reduction);
        if (_reducer is { NeedsSaliency: true })
        {
            throw new SpecException("tier",
                spec.Text, $"it needs the attention of the encoder, which stored rows do not have; choose another importance, as in saliency:16,by=distance/{spec.Family}.");
        }
    }

    private bool HasEncoding { get; }

    /// <summary>Sample queries, row-major; may be empty.</summary>
    protected float[] Queries { get; }

    public override byte[] Train(TrainingSample sample, long rows, long entries, CancellationToken cancellationToken)
    {
        if (HasEncoding)
        {
            return EntryEncoding.Train(_spec.Reduction, sample, cancellationToken);
        }

        // Said now, rather than when the first segment is built.
        return _reducer is not null || rows <= entries * MaxRowsPerEntry
            ? MemoryMarshal.AsBytes<float>(sample.Queries).ToArray()
            : throw new ArgumentException(
                $"Entries have {rows / entries} rows on average; an index of rows is for at most {MaxRowsPerEntry}. Put a reduction before it, as in ward:16/hnsw:16, or an encoding, as in lemur/hnsw.");
    }

    /// <summary>Writes where the rows of each entry end, then the index of the rows.</summary>
    public override void Build(IEntrySource entries, int threads, Stream destination, CancellationToken cancellationToken)
    {
        int dimension = entries.Dimension;
        int[] offsets = new int[entries.EntryCount + 1];
        if (_encoding is not null)
        {
            BuildEncoded(_encoding, entries, offsets, threads, destination, cancellationToken);
            return;
        }

        float[]? reduced = _reducer is null ? null : Reduce(entries, offsets, threads, cancellationToken);
        for (int i = 0; _reducer is null && i < entries.EntryCount; i++)
        {
            offsets[i + 1] = checked(offsets[i] + entries.CountRows(i));
        }

        WriteOffsets(offsets, destination);
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
        new SegmentRowIndex(start, length, entryCount, _encoding?.Length ?? dimension, OpenIndex, _encoding);

    protected abstract void BuildIndex(RowReader read, int rowCount, int dimension, int threads, Stream destination,
        CancellationToken cancellationToken);

    /// <exception cref="InvalidDataException">The bytes are no such index.</exception>
    protected abstract unsafe IRowIndex OpenIndex(byte* start, long length);

    private static void WriteOffsets(int[] offsets, Stream destination)
    {
        destination.Write(MemoryMarshal.AsBytes<int>(offsets));
        destination.Write(new byte[SegmentLayout.Align(offsets.Length * sizeof(int)) - (offsets.Length * sizeof(int))]);
    }

    private void BuildEncoded(EntryEncoding encoding, IEntrySource entries, int[] offsets, int threads, Stream destination,
        CancellationToken cancellationToken)
    {
        // An index reads its rows several times, and making one takes milliseconds.
        float[][] rows = new float[entries.EntryCount][];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
            rows[i] = encoding.EncodeEntry(entries.Read(i).View));
        for (int i = 0; i < rows.Length; i++)
        {
            offsets[i + 1] = i + 1;
        }

        WriteOffsets(offsets, destination);
        BuildIndex((index, row) => rows[index].CopyTo(row), rows.Length, encoding.Length, threads, destination, cancellationToken);
    }

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
        {
            offsets[i + 1] = checked(offsets[i] + (rows[i].Length / entries.Dimension));
        }

        return [.. rows.SelectMany(values => values)];
    }
}
