using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>How many milliseconds the parts of a plan are expected to take, by measured speeds.</summary>
internal sealed class PlanCosts(SegmentSet set, ScanSpeed speed, int threads, EntryLayout layout, QueryScorers scorers)
{
    /// <summary>Scoring an entry here and there takes about this many times as long as in a scan, until it was measured.</summary>
    private const double ScatterFactor = 2;

    /// <summary>Milliseconds that a search by bounds takes beside its scan and its rows: it has several parts that threads wait
    /// for.</summary>
    private const double ProofMs = 0.2;

    /// <summary>The share of entries that bounds are taken to leave when nothing is known: low enough to try once.</summary>
    private const double UntriedShare = 0.25;

    /// <summary>An exact search.</summary>
    public double GetExact() => PredictExact(tier: null, out _);

    /// <summary>The first stage: the codes of every wanted entry, or the rows where there are no codes.</summary>
    public double GetScan(LiveTier tier, int budget)
    {
        double exact = PredictExact(tier, out long coded);
        if (!tier.Method.ScoresEntries)
        {
            // Each segment has an index of its own, in each of which as many candidates are looked for.
            double perCandidate = tier.Calibration?.NanosecondsPerCandidateAndQueryRow ?? 0;
            return exact
                + (perCandidate * budget * scorers.Query.RowCount
                * layout.Segments.Length / Math.Min(threads, Math.Max(1, layout.Segments.Length)) / 1e6);
        }

        double wantedShare = (double)layout.WantedCount / Math.Max(1, layout.Count);
        return exact + (coded * wantedShare * GetNanoseconds(tier) / threads / 1e6);
    }

    /// <summary>An exact search that scores by rows only what the bounds of a tier do not exclude.</summary>
    public double GetProven(LiveTier tier, int depth)
    {
        double exact = PredictExact(tier, out long coded);
        double bound = speed.GetBounds(tier.Record.Id, scorers)
            ?? (GetProof(tier)?.NanosecondsPerEntryAndQueryRow * scorers.Query.RowCount) ?? GetNanoseconds(tier);
        double left = Math.Max(GetShare(tier, depth) * layout.WantedCount, CandidateRescoring.BlockLength);

        // Where a codec cannot divide a chunk, entries that no filter passes are bounded too.
        double bounded = coded * (tier.Method.IsDivisible ? (double)layout.WantedCount / Math.Max(1, layout.Count) : 1);
        return ProofMs + exact + (bounded * bound / threads / 1e6) + GetRows((long)left, speed.GetRescored(tier.Record.Id, scorers));
    }

    /// <summary>Nanoseconds of one thread for one row, in a scan.</summary>
    public double GetRowNanoseconds() => layout.Segments.IsEmpty ? 0 : GetExact(layout.Segments[0]);

    /// <summary>The part of the wanted entries that so many hits are.</summary>
    public double GetPart(int depth) => Math.Clamp((double)depth / Math.Max(1, layout.WantedCount), 1e-9, 1);

    /// <summary>The share of entries that bounds are expected to leave by what was measured of the tier; null when nothing was.</summary>
    public double? GetMeasuredShare(LiveTier tier, int depth) => GetProof(tier) is { Shares.Count: > 0 } proof
        ? proof.Shares.Min(known => Math.Min(1, known.Share * Math.Max(1, GetPart(depth) * tier.Calibration!.EntryCount / known.Top)))
        : null;

    /// <summary>A further stage: the codes of so many candidates.</summary>
    public double GetCandidates(LiveTier tier, long count) =>
        Math.Min(count, layout.WantedCount)
            * (speed.GetCandidates(tier.Record.Id, scorers) ?? (ScatterFactor * GetNanoseconds(tier))) / threads / 1e6;

    /// <summary>The rows of so many candidates.</summary>
    public double GetRows(long count) => GetRows(count, perRow: null);

    private double GetRows(long count, double? perRow)
    {
        if (layout.Segments.IsEmpty || layout.WantedCount == 0)
        {
            return 0;
        }

        double rows = Math.Min(count, layout.WantedCount) * (double)layout.WantedRowCount / layout.WantedCount;
        return rows * (perRow ?? GetExact(layout.Segments[0])) / threads / 1e6;
    }

    private double GetShare(LiveTier tier, int depth) =>
        speed.GetShare(tier.Record.Id, scorers, GetPart(depth)) ?? GetMeasuredShare(tier, depth) ?? UntriedShare;

    private static TierProof? GetProof(LiveTier tier) => tier.Calibration?.Proof;

    private double GetNanoseconds(LiveTier tier) =>
        speed.GetCodes(tier.Record.Id, scorers) ?? ((tier.Calibration?.NanosecondsPerEntryAndQueryRow ?? 0) * scorers.Query.RowCount);

    // Milliseconds for the rows of segments that have no codes in the tier; of all segments without one.
    private double PredictExact(LiveTier? tier, out long coded)
    {
        double wantedShare = (double)layout.WantedCount / Math.Max(1, layout.Count);
        double nanoseconds = 0;
        coded = 0;
        foreach (LiveSegment segment in layout.Segments)
        {
            if (tier is not null && segment.FindCodes(tier.Record.Id)?.Reader is not null)
            {
                coded += segment.Record.EntryCount;
            }
            else
            {
                nanoseconds += segment.Record.RowCount * wantedShare * GetExact(segment);
            }
        }

        return nanoseconds / threads / 1e6;
    }

    private double GetExact(LiveSegment segment) =>
        speed.GetExact(set.GetSpace(segment.Record.SpaceName), segment.Record.RowFormat, scorers);
}
