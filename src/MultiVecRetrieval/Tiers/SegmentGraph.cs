using System.Buffers;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>The graph of one segment, in its mapped file. Thread-safe.</summary>
internal sealed unsafe class SegmentGraph : IDisposable
{
    private readonly int* _offsets;
    private readonly int _entryCount;
    private readonly HnswGraph _graph;

    /// <exception cref="InvalidDataException">The bytes are no graph over the entries.</exception>
    public SegmentGraph(byte* start, long length, int entryCount, int dimension)
    {
        _offsets = (int*)start;
        _entryCount = entryCount;
        long graphOffset = SegmentLayout.Align((entryCount + 1L) * sizeof(int));
        if (length < graphOffset)
            throw new InvalidDataException($"A graph over {entryCount} entries begins at {graphOffset}, there are {length} bytes.");

        _graph = HnswGraph.Open(start + graphOffset, length - graphOffset);
        bool fits = _graph.Dimension == dimension && _offsets[0] == 0 && _offsets[entryCount] == _graph.RowCount;
        for (int i = 0; fits && i < entryCount; i++)
            fits = _offsets[i] < _offsets[i + 1];

        if (!fits)
            throw new InvalidDataException($"The graph has {_graph.RowCount} rows of {_graph.Dimension}, which do not belong to {entryCount} entries of {dimension}.");
    }

    /// <summary>
    /// Scores the entries whose rows the graph finds: per query row the best of an entry's rows found, or the worst score found where none was
    /// (the imputation of WARP, arXiv:2501.17788). All others are NaN.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="ef">Rows to find per query row.</param>
    /// <param name="layout">Which entries are wanted.</param>
    /// <param name="first">The position of the first entry in the layout.</param>
    /// <param name="scores">One per entry.</param>
    /// <exception cref="InvalidDataException">The graph is damaged.</exception>
    public void Score(MultiVector query, int ef, EntryLayout layout, int first, Span<float> scores)
    {
        scores.Fill(float.NaN);
        ef = Math.Min(ef, _graph.RowCount);
        ScoredId[] found = ArrayPool<ScoredId>.Shared.Rent(ef);
        int[] stamps = ArrayPool<int>.Shared.Rent(_entryCount);
        ulong[] wanted = layout.CountWanted(first, _entryCount) == _entryCount ? [] : SelectRows(layout, first);
        try
        {
            Array.Clear(stamps, 0, _entryCount);
            double imputed = 0;
            for (int row = 0; row < query.RowCount; row++)
            {
                int count = _graph.Search(query.Row(row), ef, ef, wanted.Length == 0 ? [] : wanted.AsSpan(0, (_graph.RowCount + 63) >> 6), found.AsSpan(0, ef));
                double lowest = count == 0 ? 0 : found[count - 1].Score;
                imputed += lowest;
                foreach (ScoredId hit in found.AsSpan(0, count))
                {
                    int entry = FindEntry(hit.Id);
                    if (stamps[entry] == row + 1)
                        continue;

                    // Best first: the first row of an entry is its best one.
                    stamps[entry] = row + 1;
                    scores[entry] = (float)(hit.Score - lowest) + (float.IsNaN(scores[entry]) ? 0 : scores[entry]);
                }
            }

            foreach (ref float score in scores)
                score += (float)imputed;
        }
        finally
        {
            ArrayPool<ScoredId>.Shared.Return(found);
            ArrayPool<int>.Shared.Return(stamps);
            if (wanted.Length > 0)
                ArrayPool<ulong>.Shared.Return(wanted);
        }
    }

    public void Dispose() => _graph.Dispose();

    private int FindEntry(int row)
    {
        if (_graph.RowCount == _entryCount)
            return row;

        int found = new ReadOnlySpan<int>(_offsets, _entryCount + 1).BinarySearch(row);
        return found < 0 ? ~found - 1 : found;
    }

    private ulong[] SelectRows(EntryLayout layout, int first)
    {
        int length = (_graph.RowCount + 63) >> 6;
        ulong[] wanted = ArrayPool<ulong>.Shared.Rent(Math.Max(1, length));
        Array.Clear(wanted, 0, length);
        for (int entry = 0; entry < _entryCount; entry++)
        {
            if (!layout.IsWanted(first + entry))
                continue;

            for (int row = _offsets[entry]; row < _offsets[entry + 1]; row++)
                wanted[row >> 6] |= 1UL << (row & 63);
        }

        return wanted;
    }
}
