using System.Diagnostics;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>Turns the scores of a scan into exact scores of the best entries.</summary>
internal sealed class CandidateRescoring(
    EntryLayout layout, QueryScorers scorers, ScanSpeed speed, StageTimes times, int threads, CancellationToken cancellationToken)
{
    /// <summary>Candidates that one work item scores.</summary>
    private const int RangeLength = 8;

    /// <summary>Candidates that share the last score are all scored, up to this many times the budget; beyond, the oldest entries are.</summary>
    private const int MaxTieFactor = 4;

    /// <summary>Candidates of the first round of a certified search; each further round is larger by <see cref="RoundFactor"/>.</summary>
    private const int FirstRoundLength = 256;
    private const int RoundFactor = 4;

    /// <summary>Candidates that a certified search scores between two looks at the bound; no multiple of the threads, so that counts do not depend on them.</summary>
    private const int BlockLength = 32;

    /// <summary>Entries scored exactly here.</summary>
    public int Count { get; private set; }

    /// <summary>Candidates that a further stage scored by its codes.</summary>
    public int NarrowedCount { get; private set; }

    /// <summary>Pieces of codes of further stages that turned out to be damaged; their entries were scored by their rows.</summary>
    public int DamagedCount { get; private set; }

    /// <summary>The best of what the scan itself scored by rows, ties included.</summary>
    public List<ScoredId> CollectExact(EntryScan scan, int depth)
    {
        List<ScoredId> found = [];
        if (scan.ExactCount > 0 && depth > 0)
            scan.Collect(exact: true, FindThreshold(scan, depth, exact: true), found);

        return found;
    }

    /// <summary>Scores exactly what is left of the candidates of a scan after every stage, and adds it to <paramref name="found"/>.</summary>
    /// <param name="scan">The scan of the first stage.</param>
    /// <param name="stages">At least one.</param>
    /// <param name="found">Where to.</param>
    public void Rescore(EntryScan scan, IReadOnlyList<PlanStage> stages, List<ScoredId> found)
    {
        List<ScoredId> candidates = Select(scan, stages[0].Budget);
        foreach (PlanStage stage in stages.Skip(1))
            found.AddRange(ScoreExactly(Narrow(candidates, stage)));

        found.AddRange(ScoreExactly(candidates));
    }

    /// <summary>
    /// Scores candidates exactly in the order of their upper bounds, highest first, until the next bound is below the last hit: then no other
    /// entry can be a hit. Returns how far that bound lies above the last hit when the budget ends first, else 0.
    /// </summary>
    public double Certify(EntryScan scan, int depth, int budget, List<ScoredId> found)
    {
        TopK best = new(Math.Min(depth, layout.WantedCount));
        foreach (ScoredId known in found)
            best.Add(known);

        // Ranks end in the position, so that each round goes on where the one before ended.
        ScoredId last = new(-1, double.PositiveInfinity);
        for (int length = FirstRoundLength; ; length = (int)Math.Min((long)length * RoundFactor, int.MaxValue))
        {
            ScoredId[] round = SelectAfter(scan, last, length);
            for (int i = 0; i < round.Length;)
            {
                // An equal bound is not enough: keys decide between equal scores.
                if (round[i].Score < best.Threshold)
                    return 0;

                int left = budget - Count;
                if (left <= 0)
                    return Math.Min(double.MaxValue, Math.Max(0, round[i].Score - best.Threshold));

                int count = Math.Min(Math.Min(BlockLength, left), round.Length - i);
                List<ScoredId> scored = ScoreExactly([.. round.AsSpan(i, count)]);
                scored.ForEach(candidate => best.Add(candidate));
                found.AddRange(scored);
                i += count;
            }

            if (round.Length < length)
                return 0;

            last = round[^1];
        }
    }

    // In the order in which they lie in the files.
    private List<ScoredId> Select(EntryScan scan, int budget)
    {
        long start = Stopwatch.GetTimestamp();
        List<ScoredId> candidates = [];
        double threshold = FindThreshold(scan, budget, exact: false);
        scan.Collect(exact: false, threshold, candidates);
        if (candidates.Count > (long)budget * MaxTieFactor)
            candidates = CutTies(candidates, threshold, budget * MaxTieFactor);

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
            speed.RecordCandidates(stage.Tier.Record.Id, scorers, candidates.Count, threads, Stopwatch.GetElapsedTime(start));

        if (candidates.Count > stage.Budget)
        {
            TopK top = new(stage.Budget);
            candidates.ForEach(candidate => top.Add(candidate));
            double threshold = top.Threshold;
            List<ScoredId> kept = [.. candidates.Where(candidate => !(candidate.Score < threshold))];
            if (kept.Count > (long)stage.Budget * MaxTieFactor)
                kept = [.. CutTies(kept, threshold, stage.Budget * MaxTieFactor).OrderBy(candidate => candidate.Id)];

            candidates.Clear();
            candidates.AddRange(kept);
        }

        times.Add("select", scored);
        return uncoded;
    }

    private double FindThreshold(EntryScan scan, int count, bool exact)
    {
        if (count >= layout.WantedCount)
            return double.NegativeInfinity;

        TopK top = new(count);
        scan.Offer(top, exact);
        return top.Threshold;
    }

    // Ties beyond all measure come from queries that say nothing to the codes. Older entries first: ids do not depend on segments.
    private List<ScoredId> CutTies(List<ScoredId> candidates, double threshold, int count)
    {
        List<ScoredId> kept = [.. candidates.Where(candidate => candidate.Score > threshold)];
        kept.AddRange(candidates.Where(candidate => !(candidate.Score > threshold)).OrderBy(candidate => layout.GetEntryId(candidate.Id)).Take(count - kept.Count));
        return kept;
    }

    private static ScoredId[] SelectAfter(EntryScan scan, ScoredId last, int count)
    {
        TopK top = new(count);
        scan.OfferAfter(top, last);
        return top.ToSortedArray();
    }

    private List<ScoredId> ScoreExactly(List<ScoredId> candidates)
    {
        long start = Stopwatch.GetTimestamp();
        int ranges = (candidates.Count + RangeLength - 1) / RangeLength;
        void ScoreRange(int range)
        {
            Span<ScoredId> items = CollectionsMarshal.AsSpan(candidates);
            for (int i = range * RangeLength; i < Math.Min((range + 1) * RangeLength, items.Length); i++)
            {
                (LiveSegment segment, int index) = layout.Locate(items[i].Id);
                SegmentReader reader = segment.Shared.Reader;
                items[i] = items[i] with { Score = scorers.Score(reader, reader.Entries[index]) };
            }
        }

        ScanThreads.Run(ranges, threads, ScoreRange, cancellationToken);
        Count += candidates.Count;
        times.Add("rows", start);
        return candidates;
    }
}
