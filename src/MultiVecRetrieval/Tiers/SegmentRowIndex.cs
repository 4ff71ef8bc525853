using System.Buffers;
using System.Numerics;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>The index of the rows of one segment, each of which belongs to an entry. Thread-safe.</summary>
internal sealed unsafe class SegmentRowIndex : SegmentIndex
{
    private readonly int* _offsets;
    private readonly int _entryCount;
    private readonly IRowIndex _index;
    private readonly EntryEncoding? _encoding;

    /// <summary>Opens the index of rows that follows the table of entries.</summary>
    public delegate IRowIndex OpenIndex(byte* start, long length);

    /// <summary>Opens an index of rows of <paramref name="dimension"/> values, where they lie.</summary>
    /// <param name="start">The table of entries, which the index follows.</param>
    /// <param name="length">Bytes of both.</param>
    /// <param name="entryCount">Entries of the segment.</param>
    /// <param name="dimension">Values of a row of the index.</param>
    /// <param name="open">Opens the index.</param>
    /// <param name="encoding">What made one row of each entry, and makes one of a query; null when the index has rows of the
    /// entries.</param>
    /// <exception cref="InvalidDataException">The bytes are no index over the entries.</exception>
    public SegmentRowIndex(byte* start, long length, int entryCount, int dimension, OpenIndex open, EntryEncoding? encoding)
    {
        _encoding = encoding;
        _offsets = (int*)start;
        _entryCount = entryCount;
        long indexOffset = SegmentLayout.Align((entryCount + 1L) * sizeof(int));
        if (length < indexOffset)
        {
            throw new InvalidDataException($"An index over {entryCount} entries begins at {indexOffset}, there are {length} bytes.");
        }

        _index = open(start + indexOffset, length - indexOffset);
        bool fits = _index.Dimension == dimension && _offsets[0] == 0 && _offsets[entryCount] == _index.RowCount;
        for (int i = 0; fits && i < entryCount; i++)
        {
            fits = _offsets[i] < _offsets[i + 1];
        }

        if (!fits)
        {
            throw new InvalidDataException(
                $"The index has {_index.RowCount} rows of {_index.Dimension}, which do not belong to {entryCount} entries of {dimension}.");
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The score of an entry: per query row the best of its rows found, or the worst score found where none was (the imputation of WARP,
    /// arXiv:2501.17788).
    /// </remarks>
    public override List<ScoredId> Find(MultiVector query, int budget, ReadOnlySpan<ulong> wanted)
    {
        query = _encoding?.EncodeQuery(query) ?? query;
        int wantedCount = _entryCount;
        if (!wanted.IsEmpty)
        {
            wantedCount = 0;
            foreach (ulong word in wanted)
            {
                wantedCount += BitOperations.PopCount(word);
            }
        }

        ulong[]? rented = wanted.IsEmpty || _index.RowCount == _entryCount ? null : SelectRows(wanted);
        try
        {
            ReadOnlySpan<ulong> rows = rented is null ? wanted : rented.AsSpan(0, (_index.RowCount + 63) >> 6);
            List<ScoredId> found = [];
            for (int count = Math.Min(budget, _index.RowCount); count > 0; count = (int)Math.Min(_index.RowCount, 2L * count))
            {
                found.Clear();
                if (query.RowCount == 1 && _index.RowCount == _entryCount)
                {
                    FindSingle(query, count, rows, found);
                }
                else
                {
                    FindMany(query, count, rows, found);
                }

                // Candidates are rows: where all are of few entries, more of them are looked for.
                if (found.Count >= Math.Min(budget, wantedCount) || count == _index.RowCount)
                {
                    break;
                }
            }

            return found;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<ulong>.Shared.Return(rented);
            }
        }
    }

    public override void Dispose() => _index.Dispose();

    private void FindSingle(MultiVector query, int count, ReadOnlySpan<ulong> wanted, List<ScoredId> found)
    {
        ScoredId[] rows = ArrayPool<ScoredId>.Shared.Rent(count);
        try
        {
            foreach (ScoredId row in rows.AsSpan(0, _index.FindCandidates(query.Row(0), count, wanted, rows.AsSpan(0, count))))
            {
                found.Add(row);
            }
        }
        finally
        {
            ArrayPool<ScoredId>.Shared.Return(rows);
        }
    }

    private void FindMany(MultiVector query, int count, ReadOnlySpan<ulong> wanted, List<ScoredId> found)
    {
        ScoredId[] rows = ArrayPool<ScoredId>.Shared.Rent(count);
        int[] stamps = ArrayPool<int>.Shared.Rent(_entryCount);
        double[] scores = ArrayPool<double>.Shared.Rent(_entryCount);
        try
        {
            Array.Clear(stamps, 0, _entryCount);
            double imputed = 0;
            for (int i = 0; i < query.RowCount; i++)
            {
                int foundCount = _index.FindCandidates(query.Row(i), count, wanted, rows.AsSpan(0, count));
                double lowest = foundCount == 0 ? 0 : rows[foundCount - 1].Score;
                imputed += lowest;
                foreach (ScoredId row in rows.AsSpan(0, foundCount))
                {
                    // Best first: the first row of an entry is its best one.
                    int entry = FindEntry(row.Id);
                    if (stamps[entry] == i + 1)
                    {
                        continue;
                    }

                    if (stamps[entry] == 0)
                    {
                        found.Add(new ScoredId(entry, 0));
                        scores[entry] = 0;
                    }

                    stamps[entry] = i + 1;
                    scores[entry] += row.Score - lowest;
                }
            }

            for (int i = 0; i < found.Count; i++)
            {
                found[i] = found[i] with { Score = imputed + scores[found[i].Id] };
            }
        }
        finally
        {
            ArrayPool<ScoredId>.Shared.Return(rows);
            ArrayPool<int>.Shared.Return(stamps);
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    private int FindEntry(int row)
    {
        if (_index.RowCount == _entryCount)
        {
            return row;
        }

        int found = new ReadOnlySpan<int>(_offsets, _entryCount + 1).BinarySearch(row);
        return found < 0 ? ~found - 1 : found;
    }

    private ulong[] SelectRows(ReadOnlySpan<ulong> wanted)
    {
        int length = (_index.RowCount + 63) >> 6;
        ulong[] rows = ArrayPool<ulong>.Shared.Rent(Math.Max(1, length));
        Array.Clear(rows, 0, length);
        for (int entry = 0; entry < _entryCount; entry++)
        {
            if ((wanted[entry >> 6] >> (entry & 63) & 1) == 0)
            {
                continue;
            }

            for (int row = _offsets[entry]; row < _offsets[entry + 1]; row++)
            {
                rows[row >> 6] |= 1UL << (row & 63);
            }
        }

        return rows;
    }
}
