using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Search;

/// <summary>Scores every wanted entry of a layout, by codes where there are any; the same scores for any number of threads.</summary>
internal sealed class EntryScan : IDisposable
{
    /// <summary>A chunk of which fewer than one entry in this many is wanted is scored entry by entry.</summary>
    private const int SparseFactor = 4;

    private readonly EntryLayout _layout;
    private readonly QueryScorers _scorers;
    private readonly LiveTier? _tier;
    private readonly EntryCodec? _codec;
    private readonly int _budget;
    private readonly List<ScanItem> _items;
    private readonly bool[] _isExact;
    private readonly float[] _scores;

    // What indexes found, per item: all that matters of their entries, which may be many.
    private readonly List<ScoredId>?[] _found;

    /// <param name="layout">The entries.</param>
    /// <param name="scorers">The query.</param>
    /// <param name="tier">Whose codes to scan; null to score by rows alone.</param>
    /// <param name="budget">Entries that an index is asked for per segment; not used by codes.</param>
    public EntryScan(EntryLayout layout, QueryScorers scorers, LiveTier? tier, int budget = 0)
    {
        _layout = layout;
        _scorers = scorers;
        _budget = budget;
        _tier = tier is { IsUsable: true } ? tier : null;
        _codec = _tier?.Method.Codec;
        _items = ScanItem.Divide(layout, _tier);
        _isExact = new bool[_items.Count];
        _found = new List<ScoredId>?[_items.Count];
        _scores = ArrayPool<float>.Shared.Rent(Math.Max(1, layout.Count));
    }

    /// <summary>Entries scored by their rows.</summary>
    public long ExactCount { get; private set; }

    /// <summary>Entries scored by codes.</summary>
    public long CodedCount { get; private set; }

    /// <summary>Pieces of codes that turned out to be damaged; their entries were scored by their rows.</summary>
    public int DamagedCount { get; private set; }

    /// <summary>Prepares the query for codes on all threads, where each would otherwise wait for the one that comes first; done by
    /// <see cref="Run"/> if not before.</summary>
    public void Prepare(bool bounds, int threads)
    {
        if (!bounds && _codec is not null && _items.Exists(item => item.Chunk >= 0))
        {
            _scorers.GetCodes(_codec, threads);
        }
    }

    /// <summary>Scores everything; with <paramref name="bounds"/>, codes give upper bounds.</summary>
    public void Run(bool bounds, int threads, CancellationToken cancellationToken)
    {
        Prepare(bounds, threads);
        ScanThreads.Run(_items.Count, threads, i => Score(i, bounds), cancellationToken);
        for (int i = 0; i < _items.Count; i++)
        {
            ScanItem item = _items[i];
            int wanted = _layout.CountWanted(_layout.GetFirst(item.Segment) + item.First, item.Count);
            if (!_isExact[i])
            {
                CodedCount += wanted;
                continue;
            }

            DamagedCount += item.Chunk >= 0 ? 1 : 0;
            ExactCount += wanted;
        }
    }

    /// <summary>Offers every wanted position with its score: those scored by their rows, or those scored by codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Offer(TopK top, bool exact)
    {
        for (int i = 0; i < _items.Count; i++)
        {
            if (_isExact[i] != exact)
            {
                continue;
            }

            if (_found[i] is { } candidates)
            {
                candidates.ForEach(candidate => top.Add(candidate));
                continue;
            }

            int first = _layout.GetFirst(_items[i].Segment) + _items[i].First;
            int end = first + _items[i].Count;
            double threshold = top.Threshold;
            for (int position = first; position < end; position++)
            {
                float score = _scores[position];
                if (score < threshold || !_layout.IsWanted(position))
                {
                    continue;
                }

                if (top.Add(position, score))
                {
                    threshold = top.Threshold;
                }
            }
        }
    }

    /// <summary>Adds every wanted position whose score is at least <paramref name="threshold"/>, in ascending order within each
    /// segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Collect(bool exact, double threshold, List<ScoredId> found)
    {
        for (int i = 0; i < _items.Count; i++)
        {
            if (_isExact[i] != exact)
            {
                continue;
            }

            if (_found[i] is { } candidates)
            {
                found.AddRange(candidates.Where(candidate => !(candidate.Score < threshold)));
                continue;
            }

            int first = _layout.GetFirst(_items[i].Segment) + _items[i].First;
            int end = first + _items[i].Count;
            for (int position = first; position < end; position++)
            {
                // A NaN is below nothing: an entry whose score overflowed is kept while there is room for all.
                if (!(_scores[position] < threshold) && _layout.IsWanted(position))
                {
                    found.Add(new ScoredId(position, _scores[position]));
                }
            }
        }
    }

    /// <summary>The score of a position that was scanned, by its rows or its codes.</summary>
    public float this[int position] => _scores[position];

    public void Dispose() => ArrayPool<float>.Shared.Return(_scores);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(int i, bool bounds)
    {
        ScanItem item = _items[i];
        int first = _layout.GetFirst(item.Segment) + item.First;
        int wanted = _layout.CountWanted(first, item.Count);
        LiveSegment segment = _layout.Segments[item.Segment];
        if (item.Chunk >= 0 && wanted > 0 && _codec is null && TryFind(i, wanted, segment))
        {
            return;
        }

        if (item.Chunk >= 0 && wanted > 0 && _codec is not null
            && segment.FindCodes(_tier!.Record.Id)!.Reader!.TryGetChunk(item.Chunk, _codec!, out ReadOnlySpan<byte> chunk))
        {
            ScoreCodes(item, first, wanted, segment, chunk, bounds);
            return;
        }

        _isExact[i] = item.Chunk < 0 || wanted > 0;
        if (wanted > 0)
        {
            ScoreRows(item, first, segment.Shared.Reader);
        }
    }

    private bool TryFind(int i, int wantedCount, LiveSegment segment)
    {
        CodesReader reader = segment.FindCodes(_tier!.Record.Id)!.Reader!;
        ScanItem item = _items[i];
        int first = _layout.GetFirst(item.Segment) + item.First;
        int length = (item.Count + 63) >> 6;
        ulong[] wanted = wantedCount == item.Count ? [] : ArrayPool<ulong>.Shared.Rent(length);
        try
        {
            if (wanted.Length > 0)
            {
                _layout.CopyWanted(first, item.Count, wanted);
            }

            if (_tier.Method.Find(reader, _scorers.Query, _budget, wanted.Length > 0 ? wanted.AsSpan(0, length) : []) is not { } found)
            {
                return false;
            }

            foreach (ref ScoredId candidate in CollectionsMarshal.AsSpan(found))
            {
                candidate = candidate with { Id = first + candidate.Id };
            }

            _found[i] = found;
            return true;
        }
        catch (InvalidDataException exception)
        {
            reader.ReportDamage(exception.Message);
            return false;
        }
        finally
        {
            if (wanted.Length > 0)
            {
                ArrayPool<ulong>.Shared.Return(wanted);
            }
        }
    }

    private void ScoreCodes(ScanItem item, int first, int wanted, LiveSegment segment, ReadOnlySpan<byte> chunk, bool bounds)
    {
        Span<float> target = _scores.AsSpan(first, item.Count);
        ChunkRecord held = segment.FindCodes(_tier!.Record.Id)!.Reader!.Chunks[item.Chunk];
        int offset = item.First - held.FirstEntry;
        bool isSparse = (long)wanted * SparseFactor < item.Count;
        if (bounds)
        {
            CodeScorer bounding = _scorers.GetBounds(_codec!, segment.Shared.Reader.Space.RowFormat);
            if (_codec!.IsDivisible)
            {
                BoundWanted(bounding, chunk, item, offset, isSparse, target);
            }
            else
            {
                bounding.ScoreUpperBounds(chunk, target);
            }

            RaiseForRounding(target, segment);
            return;
        }

        CodeScorer scorer = _scorers.GetCodes(_codec!);
        if (!isSparse)
        {
            if (_codec!.IsDivisible)
            {
                scorer.ScoreRange(chunk, offset, areBounds: false, target);
            }
            else
            {
                scorer.Score(chunk, target);
            }

            return;
        }

        Span<int> entries = stackalloc int[wanted];
        Span<float> scores = stackalloc float[wanted];
        int count = 0;
        for (int j = 0; j < item.Count; j++)
        {
            if (_layout.IsWanted(first + j))
            {
                entries[count++] = offset + j;
            }
        }

        scorer.Score(chunk, held.EntryCount, entries, scores);
        for (int j = 0; j < count; j++)
        {
            target[entries[j] - offset] = scores[j];
        }
    }

    private void BoundWanted(CodeScorer scorer, ReadOnlySpan<byte> chunk, ScanItem item, int offset, bool isSparse, Span<float> target)
    {
        if (!isSparse)
        {
            scorer.ScoreRange(chunk, offset, areBounds: true, target);
            return;
        }

        int first = _layout.GetFirst(item.Segment) + item.First;
        for (int j = 0; j < item.Count; j++)
        {
            if (_layout.IsWanted(first + j))
            {
                scorer.ScoreRange(chunk, offset + j, areBounds: true, target.Slice(j, 1));
            }
        }
    }

    // An int8 score multiplies exact sums with two scales, where the bound was made for values rounded to float32 one by one. Each of
    // the d products so differs by at most 3u of itself, u = 2^-24, and their sum by 3u Σ|q_k d_k| <= 3u |q||d|; 4u covers the last
    // rounding.
    private void RaiseForRounding(Span<float> bounds, LiveSegment segment)
    {
        // Beyond the range of float32 a bound may be no number, which excludes nothing.
        foreach (ref float bound in bounds)
        {
            bound = float.IsNaN(bound) ? float.PositiveInfinity : bound;
        }

        if (segment.Shared.Reader.Space.RowFormat != RowFormat.Int8)
        {
            return;
        }

        float slack = 4 * MathF.ScaleB(1, -24) * _scorers.QueryNorms * segment.FindCodes(_tier!.Record.Id)!.Reader!.LargestNorm;
        foreach (ref float bound in bounds)
        {
            bound = MathF.BitIncrement(bound + slack);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreRows(ScanItem item, int first, SegmentReader reader)
    {
        // What an entry of one row costs beside its inner product counts here: a space of pictures has a million of them.
        MaxSimScorer scorer = _scorers.GetExact(reader.Space.RowFormat);
        ReadOnlySpan<EntryRecord> entries = reader.Entries.Slice(item.First, item.Count);
        Span<float> target = _scores.AsSpan(first, item.Count);
        if (_scorers.RowLimit is not null)
        {
            for (int j = 0; j < entries.Length; j++)
            {
                if (_layout.IsWanted(first + j))
                {
                    target[j] = _scorers.Score(reader, entries[j]);
                }
            }

            return;
        }

        for (int j = 0; j < entries.Length; j++)
        {
            if (_layout.IsWanted(first + j))
            {
                target[j] = scorer.Score(reader.GetRows(entries[j]), entries[j].RowCount);
            }
        }
    }
}
