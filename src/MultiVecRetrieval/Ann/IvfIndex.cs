using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// Inverted lists of rows, searched where they lie, in memory or in a mapped file: sign codes of the lists nearest to a query choose rows,
/// and int8 codes score those. Immutable; any number of threads may search at once, and a search allocates nothing once as many have
/// run at a time before.
/// </summary>
/// <remarks>Scores are those of int8 codes; who needs exact ones scores the rows that are found again.</remarks>
public sealed unsafe class IvfIndex : IRowIndex
{
    // Measured on vectors with a power-law spectrum, 50,000 and 200,000 x 512: with the lists and int8 scores of so many candidates
    // a search comes about as far as either alone would allow.
    private const double CandidateShare = 0.045;
    private const int RerankFactor = 4;
    private const int MinRerankCount = 20;

    private readonly IDisposable? _owner;
    private readonly byte* _start;
    private readonly IvfHeader _header;
    private readonly IvfLayout _layout;
    private readonly RowCodec _codec;
    private readonly SearchPool<IvfSearch> _searches = new();

    private IvfIndex(byte* start, long length, IDisposable? owner)
    {
        _owner = owner;
        _start = start;
        _header = CheckHeader(length);
        _layout = new IvfLayout(_header);
        Centroids = new NodeTable(start + _layout.CentroidsOffset, _layout.RecordStride, _header.CodeLength, 0);
        Records = new NodeTable(start + _layout.RecordsOffset, _layout.RecordStride, _header.CodeLength, 0);
        IndexBytes.CheckTables(start + IvfHeader.Length, _layout.TablesEnd - IvfHeader.Length, "inverted lists", _header.TablesChecksum);
        _codec = new RowCodec(new ReadOnlySpan<float>(start + _layout.MeanOffset, Dimension).ToArray(), _header.Seed);
    }

    /// <summary>d, the length of a row.</summary>
    public int Dimension => _header.Dimension;

    /// <summary>The number of rows.</summary>
    public int RowCount => _header.RowCount;

    /// <summary>The number of lists.</summary>
    public int ListCount => _header.ListCount;

    internal int BlockCount => _header.BlockCount;

    internal NodeTable Centroids { get; }

    internal NodeTable Records { get; }

    internal ReadOnlySpan<int> FirstBlocks => GetTable(_layout.ListsOffset, ListCount + 1);

    internal ReadOnlySpan<int> Rows => GetTable(_layout.RowsOffset, _header.BlockCount * SignTables.BlockCodeCount);

    internal ReadOnlySpan<int> Positions => GetTable(_layout.PositionsOffset, RowCount);

    /// <summary>Opens what <see cref="IvfBuilder"/> wrote; the bytes stay where they are until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no inverted lists, of another version, cut short or changed.</exception>
    public static IvfIndex Open(ReadOnlyMemory<byte> bytes) => IndexBytes.Open(bytes, Create);

    /// <summary>Opens a file that holds what <see cref="IvfBuilder"/> wrote; it is mapped until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no index of inverted lists, of another version, cut short or changed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IvfIndex Open(string path) => IndexBytes.Open(path, Create);

    /// <summary>Opens inverted lists in memory that outlives them, of any length; fastest when 64-byte aligned.</summary>
    /// <exception cref="InvalidDataException">The bytes are no inverted lists, of another version, cut short or changed.</exception>
    internal static IvfIndex Open(byte* start, long length) => new(start, length, owner: null);

    /// <summary>Finds the rows with the highest inner products with a query.</summary>
    /// <param name="query">d finite values.</param>
    /// <param name="k">Rows to find, at least 1.</param>
    /// <param name="probeCount">Lists of average length to look at, at least 1: more find more of the best, in proportionally more
    /// time.</param>
    /// <param name="rerankCount">Rows that are scored by their int8 codes, at least <paramref name="k"/>.</param>
    /// <param name="wanted">A bit per row that may be found, row i at bit i mod 64 of word i / 64; empty when all may. As many wanted
    /// rows are looked at as rows would be otherwise: no row is harder to find because others are not wanted.</param>
    /// <param name="results">Room for k rows, filled best first; the lower row first on a tie.</param>
    /// <returns>The number of rows found: less than k only when the lists looked at hold fewer.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a value of the query is NaN or infinite.</exception>
    /// <exception cref="InvalidDataException">The lists are damaged.</exception>
    public int Search(
        ReadOnlySpan<float> query, int k, int probeCount, int rerankCount, ReadOnlySpan<ulong> wanted, Span<ScoredId> results)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(probeCount, 1);
        SearchArguments.Check(query, k, wanted, results, Dimension, RowCount);
        if (RowCount == 0)
        {
            return 0;
        }

        IvfSearch search = _searches.Rent() ?? new IvfSearch(_header.CodeLength, ListCount);
        try
        {
            _codec.RotateQuery(query, search.Rotated);
            int count = search.Run(this, Math.Min(k, RowCount), probeCount, Math.Min(RowCount, rerankCount), wanted);
            float offset = TensorPrimitives.Dot(query, _codec.Mean);
            for (int i = 0; i < count; i++)
            {
                results[i] = new ScoredId(ScoreKey.GetNode(search.Found[i]), ScoreKey.GetScore(search.Found[i]) + offset);
            }

            return count;
        }
        catch (IndexOutOfRangeException exception)
        {
            throw new InvalidDataException("The inverted lists are damaged: a row is out of its range.", exception);
        }
        finally
        {
            _searches.Return(search);
        }
    }

    int IRowIndex.FindCandidates(ReadOnlySpan<float> query, int count, ReadOnlySpan<ulong> wanted, Span<ScoredId> results)
    {
        double share = count >= RowCount ? 1 : Math.Min(1, CandidateShare * Math.Sqrt(count));
        int rerankCount = (int)Math.Min(RowCount, ((long)RerankFactor * count) + MinRerankCount);
        return Search(query, count, Math.Max(1, (int)Math.Ceiling(share * ListCount)), rerankCount, wanted, results);
    }

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    internal byte* GetBlock(int block) => _start + _layout.BlocksOffset + ((long)block * _layout.BlockStride);

    internal ReadOnlySpan<float> GetQueryMean(int modality) =>
        new(_start + _layout.QueryMeansOffset + ((long)modality * _header.CodeLength * sizeof(float)), _header.CodeLength);

    private ReadOnlySpan<int> GetTable(long offset, int count) => new(_start + offset, count);

    private static IvfIndex Create(byte* start, long length, IDisposable? owner) => new(start, length, owner);

    private IvfHeader CheckHeader(long length)
    {
        IvfHeader header =
            IndexBytes.ReadHeader<IvfHeader>(_start, length, "inverted lists", IvfHeader.ExpectedMagic, IvfHeader.CurrentVersion,
            IvfHeader.CurrentVersion);
        bool inRange = header.RowCount >= 0 && header.ListCount >= 0 && header.ListCount <= header.RowCount
            && header.Dimension is >= 1 and <= HnswGraph.MaxDimension
            && header.BlockCount >= 0 && header.BlockCount <= int.MaxValue / SignTables.BlockCodeCount;
        if (!inRange || header.TotalLength != length || new IvfLayout(header).TotalLength != length)
        {
            throw new InvalidDataException($"The header of the inverted lists tells of {header.TotalLength} bytes, there are {length}.");
        }

        return header;
    }
}
