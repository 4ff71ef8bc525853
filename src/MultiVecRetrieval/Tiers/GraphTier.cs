using System.Globalization;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Reduction;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// A tier that is a graph per segment instead of codes: <c>hnsw:M</c> or <c>hnsw:MxE</c>, M links and E candidates while building, or the
/// same behind a reduction (<c>ward:16/hnsw:16</c>), which entries of many rows need. Its only parameters are sample queries.
/// </summary>
internal sealed class GraphTier
{
    public const string Family = "hnsw";

    public const string Summary = "no codes but a graph that a search walks; entries are not scanned at all";

    private const char Separator = '/';

    /// <summary>More rows than this an entry make a graph larger than the rows that it shortens the way to.</summary>
    public const int MaxRowsPerEntry = 64;

    private readonly HnswOptions _options;
    private readonly RowReducer? _reducer;

    private GraphTier(HnswOptions options, RowReducer? reducer)
    {
        _options = options;
        _reducer = reducer;
    }

    public const string Usage = "hnsw:M or hnsw:MxE (a graph with M links a row, found among E candidates; default 16x128), for entries of few rows or behind a reduction, as in ward:16/hnsw";

    /// <summary>True when a spec means a graph.</summary>
    public static bool Accepts(string spec)
    {
        string last = spec[(spec.LastIndexOf(Separator) + 1)..];
        return last == Family || last.StartsWith(Family + ":", StringComparison.Ordinal);
    }

    /// <summary>Reads a spec.</summary>
    /// <param name="spec">What <see cref="Accepts"/> accepts.</param>
    /// <param name="queries">Sample queries, row-major; may be empty.</param>
    /// <exception cref="TierSpecException">An argument is out of place or out of its range.</exception>
    /// <exception cref="ReductionSpecException">The reduction before it is not understood.</exception>
    public static GraphTier Parse(string spec, float[] queries)
    {
        int slash = spec.LastIndexOf(Separator);
        string argument = spec[(slash + 1)..][Family.Length..].TrimStart(':');
        HnswOptions options = new() { Queries = queries };
        if (argument.Length > 0)
        {
            string[] parts = argument.Split('x');
            int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
            if (parts.Length > 2 || numbers[0] is < HnswOptions.LeastM or > HnswOptions.MostM || (numbers.Length == 2 && numbers[1] < numbers[0]))
            {
                throw new TierSpecException(
                    spec, $"hnsw:MxE takes M from {HnswOptions.LeastM} to {HnswOptions.MostM} links and E from M on; '{argument}' was given.");
            }

            options = options with { M = numbers[0], EfConstruction = numbers.Length == 2 ? numbers[1] : Math.Max(options.EfConstruction, numbers[0]) };
        }

        options.Check(dimension: 1);
        RowReducer? reducer = slash < 0 ? null : Reductions.Parse(spec[..slash]);
        if (reducer is { NeedsSaliency: true })
            throw new TierSpecException(spec, "it needs the attention of the encoder, which stored rows do not have; choose another importance, as in saliency:16,by=distance/hnsw.");

        return new GraphTier(options, reducer);
    }

    /// <summary>Throws when a graph over all rows makes no sense.</summary>
    /// <exception cref="ArgumentException">Entries have too many rows.</exception>
    public void CheckRowCount(long rows, long entries)
    {
        if (_reducer is null && rows > entries * MaxRowsPerEntry)
        {
            throw new ArgumentException(
                $"Entries have {rows / entries} rows on average; a graph is for at most {MaxRowsPerEntry}. Put a reduction before it, as in ward:16/hnsw:16.");
        }
    }

    /// <summary>Writes the graph of a segment as one chunk: where the rows of each entry end, then the graph.</summary>
    public void Build(SegmentReader reader, CodesWriter writer, int threads, CancellationToken cancellationToken)
    {
        int dimension = reader.Space.Dimension;
        int[] offsets = new int[reader.EntryCount + 1];
        float[]? reduced = _reducer is null ? null : Reduce(reader, offsets, threads, cancellationToken);
        for (int i = 0; _reducer is null && i < reader.EntryCount; i++)
            offsets[i + 1] = checked(offsets[i] + reader.Entries[i].RowCount);

        using Stream chunk = writer.BeginChunk();
        chunk.Write(MemoryMarshal.AsBytes<int>(offsets));
        chunk.Write(new byte[SegmentLayout.Align(offsets.Length * sizeof(int)) - (offsets.Length * sizeof(int))]);
        HnswBuilder.Build(
            reduced is null
                ? (index, row) => ReadRow(reader, offsets, index, row)
                : (index, row) => reduced.AsSpan(index * dimension, dimension).CopyTo(row),
            offsets[^1],
            dimension,
            _options with { Threads = threads },
            chunk,
            cancellationToken);
        writer.EndChunk(reader.EntryCount);
    }

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
