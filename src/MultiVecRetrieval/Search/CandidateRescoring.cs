using System.Diagnostics;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>Turns the scores of a scan into exact scores of the best entries.</summary>
internal sealed class CandidateRescoring(
    EntryLayout layout, QueryScorers scorers, ScanSpeed speed, StageTimes times, int threads, CancellationToken cancellationToken)
{
    /// <summary>Rows that one work item scores, about: a tenth of a millisecond of work.</summary>
    private const int RangeRowCount = 2048;

    /// <summary>The most candidates of a work item.</summary>
    private const int MaxRangeLength = 64;

    /// <summary>Candidates that share the last score are all scored, up to this many times the budget; beyond, the oldest entries
    /// are.</summary>
    private const int MaxTieFactor = 4;

    /// <summary>
    /// Candidates that a proof scores at least between two looks at the bound; no multiple of the threads, so that counts do not
    /// depend on them.
    /// </summary>
    public const int BlockLength = 32;

    /// <summary>A block is this share of what was scored before it: the more there is to score, the less often threads wait for one
    /// another.</summary>
    private const double BlockShare = 0.25;

    // The tier whose rounded rows say which rows of a candidate are read; null to read all of them.
    private LiveTier? _screens;

    /// <summary>Entries scored exactly here.</summary>
    public int Count { get; private set; }

    /// <summary>How long that took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Candidates that a further stage scored by its codes.</summary>
    public int NarrowedCount { get; private set; }

    /// <summary>Pieces of codes of further stages that turned out to be damaged; their entries were scored by their rows.</summary>
    public int DamagedCount { get; private set; }

    /// <summary>The best of what the scan itself scored by rows, ties included.</summary>
    public List<ScoredId> CollectExact(EntryScan scan, int depth)
    {
        List<ScoredId> found = [];
        if (scan.ExactCount > 0 && depth > 0)
        {
            scan.Collect(exact: true, FindThreshold(scan, depth, exact: true), found);
        }

        return found;
    }

    /// <summary>Scores exactly what is left of the candidates of a scan after every stage, and adds it to
    /// <paramref name="found"/>.</summary>
    /// <param name="scan">The scan of the first stage.</param>
    /// <param name="stages">At least one.</param>
    /// <param name="found">Where to.</param>
    public void Rescore(EntryScan scan, IReadOnlyList<PlanStage> stages, List<ScoredId> found)
    {
        _screens = FindScreens(stages[^1].Tier);
        List<ScoredId> candidates = Select(scan, stages[0].Budget);
        foreach (PlanStage stage in stages.Skip(1))
        {
            found.AddRange(ScoreExactly(Narrow(candidates, stage)));
        }

        found.AddRange(ScoreExactly(candidates));
    }

    /// <summary>
    /// Scores candidates exactly in the order of their upper bounds, highest first, until the next bound is below the last hit: then no
    /// other entry can be a hit.
    /// </summary>
    public void Prove(EntryScan scan, int depth, LiveTier tier, List<ScoredId> found)
    {
        _screens = FindScreens(tier);
        TopK best = new(Math.Min(depth, layout.WantedCount));
        foreach (ScoredId known in found)
        {
            best.Add(known);
        }

        // The scores of the highest bounds say which of the others matter at all.
        TopK highest = new(Math.Min(Math.Max(depth, BlockLength), layout.WantedCount));
        scan.Offer(highest, exact: false);
        ScoredId[] first = highest.ToSortedArray();
        if (ScoreInOrder(first, best, found) || first.Length == 0 || first.Length < highest.Capacity)
        {
            return;
        }

        // Ranks end in the position, so that these are all but the first ones.
        List<ScoredId> others = [];
        scan.Collect(exact: false, best.Threshold, others);
        others.RemoveAll(candidate => candidate <= first[^1]);
        others.Sort();
        ScoreInOrder(CollectionsMarshal.AsSpan(others), best, found);
    }

    // In the order in which they lie in the files.
    private List<ScoredId> Select(EntryScan scan, int budget)
    {
        long start = Stopwatch.GetTimestamp();
        List<ScoredId> candidates = [];
        double threshold = FindThreshold(scan, budget, exact: false);
        scan.Collect(exact: false, threshold, candidates);
        if (candidates.Count > (long)budget * MaxTieFactor)
        {
            candidates = CutTies(candidates, threshold, budget * MaxTieFactor);
        }

        candidates.Sort((a, b) => a.Id.CompareTo(b.Id));
        times.Add("select", start);
        return candidates;
    }

    // Leaves the best candidates of a stage, in the same order; returns those that it cannot rank, which nothing may leave out.
    private List<ScoredId> Narrow(List<ScoredId> candidates, PlanStage stage)
    {
        CandidateCodes codes = new(layout, scorers, stage.Tier);
        long start = Stopwatch.GetTimestamp();
        List<ScoredId> uncoded = codes.Score(candidates, threads, cancellationToken);
        NarrowedCount += candidates.Count;
        DamagedCount += codes.DamagedCount;
        long scored = times.Add("narrow", start);
        if (uncoded.Count == 0)
        {
            speed.RecordCandidates(stage.Tier.Record.Id, scorers, candidates.Count, threads, Stopwatch.GetElapsedTime(start));
        }

        if (candidates.Count > stage.Budget)
        {
            TopK top = new(stage.Budget);
            candidates.ForEach(candidate => top.Add(candidate));
            double threshold = top.Threshold;
            List<ScoredId> kept = [.. candidates.Where(candidate => !(candidate.Score < threshold))];
            if (kept.Count > (long)stage.Budget * MaxTieFactor)
            {
                kept = [.. CutTies(kept, threshold, stage.Budget * MaxTieFactor).OrderBy(candidate => candidate.Id)];
            }

            candidates.Clear();
            candidates.AddRange(kept);
        }

        times.Add("select", scored);
        return uncoded;
    }

    private double FindThreshold(EntryScan scan, int count, bool exact)
    {
        if (count >= layout.WantedCount)
        {
            return double.NegativeInfinity;
        }

        TopK top = new(count);
        scan.Offer(top, exact);
        return top.Threshold;
    }

    // Ties beyond all measure come from queries that say nothing to the codes. Older entries first: ids do not depend on segments.
    private List<ScoredId> CutTies(List<ScoredId> candidates, double threshold, int count)
    {
        List<ScoredId> kept = [.. candidates.Where(candidate => candidate.Score > threshold)];
        kept.AddRange(candidates.Where(candidate => !(candidate.Score > threshold)).OrderBy(candidate => layout.GetEntryId(candidate.Id))
            .Take(count - kept.Count));
        return kept;
    }

    // True once no further candidate can be a hit, false when there are no more.
    private bool ScoreInOrder(ReadOnlySpan<ScoredId> candidates, TopK best, List<ScoredId> found)
    {
        for (int i = 0; i < candidates.Length;)
        {
            // An equal bound is not enough: keys decide between equal scores.
            if (candidates[i].Score < best.Threshold)
            {
                return true;
            }

            int count = Math.Max(BlockLength, (int)(Count * BlockShare));
            List<ScoredId> block = [.. candidates.Slice(i, Math.Min(count, candidates.Length - i))];
            block.Sort((a, b) => a.Id.CompareTo(b.Id));
            foreach (ScoredId scored in ScoreExactly(block))
            {
                best.Add(scored);
            }

            found.AddRange(block);
            i += block.Count;
        }

        return false;
    }

    // Screens are made of all rows of an entry.
    private LiveTier? FindScreens(LiveTier tier)
        => scorers.RowLimit is null && tier is { IsUsable: true, Method.HasScreens: true } ? tier : null;

    private List<ScoredId> ScoreExactly(List<ScoredId> candidates)
    {
        int length = (int)Math.Clamp((long)RangeRowCount * layout.WantedCount / Math.Max(1, layout.WantedRowCount), 1, MaxRangeLength);
        int ranges = (candidates.Count + length - 1) / length;
        void ScoreRange(int range)
        {
            Span<ScoredId> items = CollectionsMarshal.AsSpan(candidates);
            for (int i = range * length; i < Math.Min((range + 1) * length, items.Length); i++)
            {
                items[i] = items[i] with { Score = ScoreRows(items[i].Id) };
            }
        }

        long start = Stopwatch.GetTimestamp();
        ScanThreads.Run(ranges, threads, ScoreRange, cancellationToken);
        Elapsed += Stopwatch.GetElapsedTime(start);
        Count += candidates.Count;
        times.Add("rows", start);
        return candidates;
    }

    private float ScoreRows(int position)
    {
        (LiveSegment segment, int index) = layout.Locate(position);
        SegmentReader reader = segment.Shared.Reader;
        ref readonly EntryRecord entry = ref reader.Entries[index];
        if (_screens is null || reader.Space.RowFormat != RowFormat.Float32
            || segment.FindCodes(_screens.Record.Id)?.Reader is not { } codes
            || _screens.Method.Codec is not { } codec)
        {
            return scorers.Score(reader, entry);
        }

        int chunk = codes.FindChunk(index);
        return codes.TryGetChunk(chunk, codec, out ReadOnlySpan<byte> bytes)
            ? scorers.GetScreened()
                .Score(reader.GetRows(entry), entry.RowCount,
                codec.GetScreen(bytes, index - codes.Chunks[chunk].FirstEntry))
            : scorers.Score(reader, entry);
    }
}
