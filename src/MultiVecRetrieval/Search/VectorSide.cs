using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>Exact MaxSim of one query against every entry of its space that passed the filter.</summary>
internal sealed class VectorSide
{
    /// <summary>Entries that one work item scores: enough to outweigh handing it out, few enough to share evenly.</summary>
    private const int RangeLength = 32;

    /// <summary>A work item: some of a segment's entries, and where their scores go.</summary>
    private readonly record struct EntryRange(SegmentReader Reader, int[] Indexes, int First, int Count, int Target);

    private readonly SegmentSet _set;
    private readonly VectorQuery _query;
    private readonly MaxSimScorer _scorer;

    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="ModelMismatchException">The query was made by another encoder.</exception>
    /// <exception cref="DimensionMismatchException">The query rows have another length.</exception>
    public VectorSide(SegmentSet set, VectorQuery query)
    {
        _set = set;
        _query = query;
        Space space = set.GetSpace(query.Space);
        if (space.Id != query.SpaceId)
            throw new ModelMismatchException(space.Name, space.Id, query.SpaceId);

        if (space.Dimension != query.Rows.Dimension)
            throw new DimensionMismatchException(space.Name, space.Dimension, query.Rows.Dimension);

        _scorer = new MaxSimScorer(query.Rows.View, space.RowFormat);
    }

    public string Name => $"vectors:{_query.Space}";

    public double Weight => _query.Weight;

    /// <summary>A query without rows would score every entry 0: it finds nothing instead.</summary>
    public bool IsEmpty => _query.Rows.RowCount == 0;

    /// <summary>The score of every candidate, in no particular order; the same values for any number of threads.</summary>
    public List<ScoredEntry> Score(EntrySet? filter, long? excluded, int threads, CancellationToken cancellationToken)
    {
        if (IsEmpty)
            return [];

        List<EntryRange> ranges = [];
        int count = 0;
        foreach (LiveSegment segment in _set.OfSpace(_query.Space))
        {
            int[] indexes = SelectLive(segment, filter, excluded);
            for (int i = 0; i < indexes.Length; i += RangeLength)
                ranges.Add(new EntryRange(segment.Shared.Reader, indexes, i, Math.Min(RangeLength, indexes.Length - i), count + i));

            count = checked(count + indexes.Length);
        }

        List<ScoredEntry> scores = new(count);
        CollectionsMarshal.SetCount(scores, count);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Run(ranges.Count, options, i => ScoreRange(ranges[i], CollectionsMarshal.AsSpan(scores)));
        return scores;
    }

    /// <summary>Per query row, the place of the entry row that won.</summary>
    public IEnumerable<HitMatch> Explain(long entryId)
    {
        if (_set.Find(_query.Space, entryId) is not var (segment, index))
            yield break;

        SegmentReader reader = segment.Shared.Reader;
        int rowCount = reader.Entries[index].RowCount;
        float[] similarities = new float[_query.Rows.RowCount];
        int[] rows = new int[_query.Rows.RowCount];
        _scorer.Explain(reader.GetRows(index), rowCount, similarities, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            // No row won when every similarity is NaN or negative infinity: vectors far beyond the range of float32 products.
            if (rows[i] < 0)
                continue;

            string label = _query.Labels.Count > 0 ? _query.Labels[i] : "";
            (Place place, Place[]? members) = reader.GetPlace(index, rows[i]);
            yield return new HitMatch(label, similarities[i], place, Name) { Places = members ?? [place] };
        }
    }

    /// <summary>Indexes of the segment's entries that are live and wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] SelectLive(LiveSegment segment, EntrySet? filter, long? excluded)
    {
        ReadOnlySpan<EntryRecord> entries = segment.Shared.Reader.Entries;
        int[] indexes = new int[entries.Length];
        int count = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            long id = entries[i].EntryId;
            if (id != excluded && (filter is null || filter.Contains(id)) && !segment.DeadEntries.Contains(id))
                indexes[count++] = i;
        }

        return count == indexes.Length ? indexes : indexes[..count];
    }

    // What an entry of one row costs beside its inner product counts here: a space of pictures has a million of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreRange(EntryRange range, Span<ScoredEntry> scores)
    {
        ReadOnlySpan<EntryRecord> entries = range.Reader.Entries;
        ReadOnlySpan<int> indexes = range.Indexes.AsSpan(range.First, range.Count);
        Span<ScoredEntry> target = scores.Slice(range.Target, range.Count);
        for (int i = 0; i < indexes.Length; i++)
        {
            EntryRecord entry = entries[indexes[i]];
            target[i] = new ScoredEntry(entry.EntryId, _scorer.Score(range.Reader.GetRows(entry), entry.RowCount));
        }
    }

    private static void Run(int rangeCount, ParallelOptions options, Action<int> body)
    {
        if (options.MaxDegreeOfParallelism > 1 && rangeCount > 1)
        {
            Parallel.For(0, rangeCount, options, body);
            return;
        }

        for (int range = 0; range < rangeCount; range++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            body(range);
        }
    }
}
