using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Bits;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>The lookup tables of a query: tiles of four rows, then of one, each with tables per distinct plane.</summary>
/// <remarks>
/// Planes follow each other in the same 16-bit sums, which are doubled before the next one is added, while that fits; then a run of
/// sums of their own begins.
/// </remarks>
internal sealed class PlaneTileSet
{
    /// <summary>Sums of one run of a tile.</summary>
    public const int RunLength = PlaneSums.MaxTileHeight * PlaneSums.BlockRowCount;

    private readonly InstructionSet _level;
    private readonly int[] _byteCounts;
    private readonly int _stepsPerByteSum;
    private readonly int[] _heights;
    private readonly int[] _offsets;
    private readonly int[] _runEnds;
    private readonly int[] _runShifts;
    private readonly byte[] _tables;
    private readonly int _tablesOffset;
    private readonly int[] _tableOffsets; // [tiles × planes]

    /// <summary>Makes the tables of all rows.</summary>
    public PlaneTileSet(BitsModel model, QueryWeights weights, int rowCount, int planeCount, InstructionSet level)
    {
        _level = level;
        PlaneCount = planeCount;
        _byteCounts = [.. Enumerable.Range(0, planeCount).Select(model.GetPlaneSize)];
        _stepsPerByteSum = weights.StepsPerByteSum;
        _heights =
        [
            .. Enumerable.Repeat(PlaneSums.MaxTileHeight, rowCount / PlaneSums.MaxTileHeight),
            .. Enumerable.Repeat(1, rowCount % PlaneSums.MaxTileHeight),
        ];
        _offsets = new int[rowCount];
        int[] totals = new int[planeCount];
        for (int row = 0; row < rowCount; row++)
        {
            for (int plane = 0; plane < planeCount; plane++)
            {
                int total = weights.GetTotal(row, plane);
                _offsets[row] += total << (planeCount - 1 - plane);
                totals[plane] = Math.Max(totals[plane], total);
            }
        }

        _runEnds = GetRunEnds(totals);
        _runShifts = [.. _runEnds.Select(end => planeCount - end)];
        _tableOffsets = new int[_heights.Length * planeCount];
        _tables = CreateTables(model, weights, out _tablesOffset);
    }

    /// <summary>Planes that are read.</summary>
    public int PlaneCount { get; }

    /// <summary>The number of tiles.</summary>
    public int Count => _heights.Length;

    /// <summary>How many sums of 16 bits a row has.</summary>
    public int RunCount => _runEnds.Length;

    /// <summary>Per run, what its sums are shifted left by.</summary>
    public ReadOnlySpan<int> RunShifts => _runShifts;

    /// <summary>Query rows of a tile.</summary>
    public int GetHeight(int tile) => _heights[tile];

    /// <summary>Σ |w| of a query row over all planes, each counted as it weighs.</summary>
    public int GetOffset(int row) => _offsets[row];

    /// <summary>Where the planes are in a chunk.</summary>
    public void GetPlaces(BitsModel model, BitsChunk chunk, Span<PlanePlace> places)
    {
        for (int plane = 0; plane < PlaneCount; plane++)
        {
            places[plane] = new PlanePlace(chunk.GetPlaneOffset(model, plane), _byteCounts[plane]);
        }
    }

    /// <summary>Sums the planes of a block for the rows of a tile.</summary>
    /// <param name="tile">Which tile.</param>
    /// <param name="chunk">The bytes of the chunk.</param>
    /// <param name="places">Where each plane is in them.</param>
    /// <param name="block">Which block.</param>
    /// <param name="sums">[runs × 4 × 64].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int tile, ReadOnlySpan<byte> chunk, ReadOnlySpan<PlanePlace> places, int block, Span<ushort> sums)
    {
        ReadOnlySpan<byte> tables = _tables.AsSpan(_tablesOffset);
        ReadOnlySpan<int> tableOffsets = _tableOffsets.AsSpan(tile * PlaneCount, PlaneCount);
        for (int run = 0, first = 0; run < _runEnds.Length; first = _runEnds[run++])
        {
            PlaneSums.Add(
                _level,
                places[first.._runEnds[run]],
                tableOffsets[first..],
                _stepsPerByteSum,
                _heights[tile],
                block,
                chunk,
                tables,
                sums[(run * RunLength)..]);
        }
    }

    private static int[] GetRunEnds(ReadOnlySpan<int> totals)
    {
        List<int> ends = [];
        long sum = 0;
        for (int plane = 0; plane < totals.Length; plane++)
        {
            if ((2 * sum) + totals[plane] > ushort.MaxValue)
            {
                ends.Add(plane);
                sum = 0;
            }

            sum = (2 * sum) + totals[plane];
        }

        ends.Add(totals.Length);
        return [.. ends];
    }

    // Planes with the same coordinates have the same weights, so they share their tables.
    private byte[] CreateTables(BitsModel model, QueryWeights weights, out int start)
    {
        int size = 0;
        for (int tile = 0; tile < _heights.Length; tile++)
        {
            for (int plane = 0; plane < PlaneCount; plane++)
            {
                bool isShared = plane > 0 && model.Planes[plane].Length == model.Planes[plane - 1].Length;
                _tableOffsets[(tile * PlaneCount) + plane] = isShared ? _tableOffsets[(tile * PlaneCount) + plane - 1] : size;
                size += isShared ? 0 : PlaneTables.GetSize(_level, _byteCounts[plane], _heights[tile]);
            }
        }

        byte[] tables = CacheLines.Allocate(size, out start);
        short[] ordered = new short[PlaneSums.MaxTileHeight * 8 * _byteCounts.Max()];
        for (int tile = 0, firstRow = 0; tile < _heights.Length; tile++)
        {
            int height = _heights[tile];
            for (int plane = 0; plane < PlaneCount; plane++)
            {
                int offset = _tableOffsets[(tile * PlaneCount) + plane];
                if (plane > 0 && offset == _tableOffsets[(tile * PlaneCount) + plane - 1])
                {
                    continue;
                }

                int length = 8 * _byteCounts[plane];
                for (int row = 0; row < height; row++)
                {
                    weights.CopyTo(firstRow + row, plane, ordered.AsSpan(row * length, length));
                }

                int tableSize = PlaneTables.GetSize(_level, length / 8, height);
                PlaneTables.Fill(_level, ordered.AsSpan(0, height * length), length / 8, height, tables.AsSpan(start + offset, tableSize));
            }

            firstRow += height;
        }

        return tables;
    }
}
