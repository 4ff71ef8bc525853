using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// A graph of rows that is searched where it lies: in memory or in a mapped file. Immutable; any number of threads may search at once,
/// and a search allocates nothing once as many have run at a time before.
/// </summary>
/// <remarks>Scores are those of the codes of its nodes; who needs exact ones scores the rows that are found again.</remarks>
public sealed unsafe class HnswGraph : IRowIndex
{
    /// <summary>The largest d.</summary>
    public const int MaxDimension = 16_384;

    private readonly IDisposable? _owner;
    private readonly byte* _start;
    private readonly HnswHeader _header;
    private readonly HnswLayout _layout;
    private readonly NodeTable _nodes;
    private readonly RowCodec _codec;
    private readonly SearchPool<GraphSearch> _searches = new();

    private HnswGraph(byte* start, long length, IDisposable? owner)
    {
        _owner = owner;
        _start = start;
        _header = CheckHeader(length);
        _layout = new HnswLayout(_header);
        _nodes = new NodeTable(start + _layout.NodesOffset, _header.Stride, _header.NodeCodeLength, _header.MaxDegree);
        IndexBytes.CheckTables(start + HnswHeader.Length, _layout.TablesEnd - HnswHeader.Length, "a graph", _header.TablesChecksum);
        _codec = new RowCodec(MemoryMarshal.Cast<byte, float>(Slice(_layout.MeanOffset, Dimension * sizeof(float))).ToArray(),
            _header.Seed);
    }

    /// <summary>d, the length of a row.</summary>
    public int Dimension => _header.Dimension;

    /// <summary>The number of rows.</summary>
    public int RowCount => _header.RowCount;

    /// <summary>The number of nodes: rows with equal codes share one.</summary>
    public int NodeCount => _header.NodeCount;

    /// <summary>What a node keeps of its row.</summary>
    public HnswNodes NodeForm => (HnswNodes)_header.NodeForm;

    /// <summary>Opens what <see cref="HnswBuilder"/> wrote; the bytes stay where they are until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no graph, of another version, cut short or changed.</exception>
    public static HnswGraph Open(ReadOnlyMemory<byte> bytes) => IndexBytes.Open(bytes, Create);

    /// <summary>Opens a file that holds what <see cref="HnswBuilder"/> wrote; it is mapped until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no graph, of another version, cut short or changed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static HnswGraph Open(string path) => IndexBytes.Open(path, Create);

    /// <summary>Opens a graph in memory that outlives it, of any length; fastest when 64-byte aligned.</summary>
    /// <exception cref="InvalidDataException">The bytes are no graph, of another version, cut short or changed.</exception>
    internal static HnswGraph Open(byte* start, long length) => new(start, length, owner: null);

    /// <summary>Finds the rows with the highest inner products with a query.</summary>
    /// <param name="query">d finite values.</param>
    /// <param name="k">Rows to find, at least 1.</param>
    /// <param name="ef">Nodes that the walk keeps, at least <paramref name="k"/>: more find more of the best, more slowly.</param>
    /// <param name="wanted">A bit per row that may be found, row i at bit i mod 64 of word i / 64; empty when all may. Few are scanned,
    /// many are found by a walk that passes through the others: no row is harder to find because others are not wanted.</param>
    /// <param name="results">Room for k rows, filled best first; the lower row first on a tie. Scores of signs are estimated from the
    /// Hamming distance alone.</param>
    /// <returns>The number of rows found: less than k only when fewer are wanted, or fewer are reached within ef.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a value of the query is NaN or infinite.</exception>
    /// <exception cref="InvalidDataException">The graph is damaged.</exception>
    public int Search(ReadOnlySpan<float> query, int k, int ef, ReadOnlySpan<ulong> wanted, Span<ScoredId> results)
    {
        SearchArguments.Check(query, k, wanted, results, Dimension, RowCount);
        if (RowCount == 0)
        {
            return 0;
        }

        GraphSearch search = _searches.Rent() ?? new GraphSearch(NodeCount, _header.CodeLength, _nodes.MaxDegree);
        try
        {
            _codec.RotateQuery(query, search.Rotated);
            int count = search.Run(this, Math.Min(k, RowCount), Math.Max(k, ef), wanted);
            float offset = TensorPrimitives.Dot(query, _codec.Mean);
            for (int i = 0; i < count; i++)
            {
                results[i] = new ScoredId(ScoreKey.GetNode(search.Found[i]), Estimate(search, ScoreKey.GetScore(search.Found[i])) + offset);
            }

            return count;
        }
        catch (IndexOutOfRangeException exception)
        {
            throw new InvalidDataException("The graph is damaged: a link or a row is out of its range.", exception);
        }
        finally
        {
            _searches.Return(search);
        }
    }

    int IRowIndex.FindCandidates(ReadOnlySpan<float> query, int count, ReadOnlySpan<ulong> wanted, Span<ScoredId> results) =>
        Search(query, count, count, wanted, results);

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    internal NodeTable Nodes => _nodes;

    internal int EntryCount => _header.EntryCount;

    /// <summary>The mean of the queries of a modality, rotated: 0 for those like the rows, 1 for those of the sample.</summary>
    internal ReadOnlySpan<float> GetQueryMean(int modality) =>
        new(_start + _layout.QueryMeansOffset + ((long)modality * _header.CodeLength * sizeof(float)), _header.CodeLength);

    internal ReadOnlySpan<int> QueryEntries => GetTable(_layout.QueryEntriesOffset, _header.QueryEntryCount);

    internal ReadOnlySpan<int> NodeOfRow => GetTable(_layout.NodeOfRowOffset, RowCount);

    internal ReadOnlySpan<int> GetRows(int node)
    {
        ReadOnlySpan<int> offsets = GetTable(_layout.RowOffsetsOffset, NodeCount + 1);
        return GetTable(_layout.RowsOffset, RowCount)[offsets[node]..offsets[node + 1]];
    }

    internal ReadOnlySpan<int> GetLinks(int node) => new(_nodes.GetLinks(node), _nodes.GetDegree(node));

    // Of signs alone the angle is known: its cosine, on average, times both lengths, with the root mean square for the row's. Graphs of
    // other segments have other means, so that distances as such do not compare.
    private float Estimate(GraphSearch search, float score) => NodeForm == HnswNodes.Signs
        ? (float)(search.Walk.Query.Planes.Length * _header.Radius * Math.Sin(Math.PI / 2 * (1 + (2.0 * score / _header.CodeLength))))
        : score;

    private ReadOnlySpan<int> GetTable(long offset, int count) => new(_start + offset, count);

    private ReadOnlySpan<byte> Slice(long offset, int length) => new(_start + offset, length);

    private static HnswGraph Create(byte* start, long length, IDisposable? owner) => new(start, length, owner);

    private HnswHeader CheckHeader(long length)
    {
        HnswHeader header =
            IndexBytes.ReadHeader<HnswHeader>(_start, length, "a graph", HnswHeader.ExpectedMagic, HnswHeader.OldestVersion,
            HnswHeader.NewestVersion);
        if (header.Flags == HnswHeader.NeighborCodesFlag)
        {
            throw new InvalidDataException("The graph holds codes of neighbours, which this version no longer reads: build it anew.");
        }

        bool inRange = header.RowCount >= 0 && header.NodeCount >= 0 && header.NodeCount <= header.RowCount
            && header.Dimension is >= 1 and <= MaxDimension && header.MaxDegree is >= 1 and <= 256
            && header.EntryCount >= 0 && header.EntryCount <= header.NodeCount && header.QueryEntryCount >= 0
            && header.Flags == 0 && header.NodeForm is >= 0 and <= (int)HnswNodes.Signs
            && (header.NodeForm == (int)HnswNodes.Int8) == (header.Version == HnswHeader.OldestVersion)
            && header.Stride == header.ExpectedStride;
        if (!inRange || header.TotalLength != length || new HnswLayout(header).TotalLength != length)
        {
            throw new InvalidDataException($"The header of the graph tells of {header.TotalLength} bytes, there are {length}.");
        }

        return header;
    }
}
