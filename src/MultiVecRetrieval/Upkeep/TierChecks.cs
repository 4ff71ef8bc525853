using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Looks now and then whether what was measured of tiers still holds of a space that has grown.</summary>
internal sealed class TierChecks(CollectionStore store, Snapshot snapshot)
{
    /// <summary>A check is due when the entries added and removed since the last one are this share of all.</summary>
    private const double ChangedShare = 0.1;

    /// <summary>Fewer changes than this say nothing.</summary>
    private const int MinChangedCount = 100;

    /// <summary>Codes of added entries that err this many times as much as the others', and by <see cref="MinDriftError"/> more, are
    /// trained anew.</summary>
    private const double DriftFactor = 1.25;

    /// <summary>
    /// As a share of a score. Measured (docs/compression.md, "Drift"): errors up to 0.018 greater cost no recall that training anew would
    /// give back, whatever the factor; from 0.045 on it gives back 0.01 and more.
    /// </summary>
    private const double MinDriftError = 0.03;

    private const int Top = 10;

    /// <summary>True when many entries were added or removed since the tier was measured or checked. Replaced entries count as
    /// both.</summary>
    public static bool IsDue(SegmentSet set, LiveTier tier)
    {
        if (tier.Calibration is not { } calibration)
        {
            return false;
        }

        string space = tier.Record.SpaceName;
        (long last, long then) = calibration.Check is { } check
            ? (check.LastEntryId, check.EntryCount)
            : (calibration.LastEntryId, calibration.EntryCount);
        long now = set.CountEntries(space);
        double wanted = Math.Max(MinChangedCount, ChangedShare * now);

        // Ids count what was added, here and in other spaces: so there were no more changes than this, and entries need not be counted.
        long given = Math.Max(0, FindLastEntry(set, space) - last);
        if (given + Math.Max(0, then + given - now) < wanted)
        {
            return false;
        }

        long added = LiveEntries.List(set, space, skipsDamaged: true).LongCount(entry => entry.Reader.Entries[entry.Index].EntryId > last);

        // A check of an earlier version did not say how many entries there were.
        long removed = then == 0 ? 0 : Math.Max(0, then + added - now);
        return added + removed >= wanted;
    }

    /// <summary>The id of the newest entry of a space.</summary>
    public static long FindLastEntry(SegmentSet set, string space)
        => set.OfSpace(space).Select(segment => segment.Record.LastEntry).DefaultIfEmpty(0).Max();

    /// <summary>Adds what later checks compare with: the errors of codes now, of the entries that are there when the tier is first
    /// measured.</summary>
    public TierCalibration AddErrors(LiveTier tier, TierCalibration calibration, CancellationToken cancellationToken)
    {
        if (tier.Calibration is { ScoreError: not null } known)
        {
            return calibration with
            {
                ScoreError = known.ScoreError,
                LastEntryId = known.LastEntryId,
                Check = calibration.Check
                ?? known.Check
            };
        }

        long last = FindLastEntry(snapshot.Set, tier.Record.SpaceName);
        return calibration with { ScoreError = MeasureErrors(tier, _ => true, cancellationToken), LastEntryId = last };
    }

    /// <summary>Checks measured tiers of one space.</summary>
    public IReadOnlyList<TierCheck> Run(IReadOnlyList<LiveTier> tiers, CancellationToken cancellationToken)
    {
        long entries = snapshot.Set.CountEntries(tiers[0].Record.SpaceName);
        BudgetRecall[] promises = [.. tiers.Select(tier => FindPromise(tier.Calibration!, entries))];
        (int queryCount, double[] recalls) = new Calibrator(store, snapshot)
            .Sample(tiers, [.. promises.Select(promise => promise.Budget)], Top, cancellationToken);
        return
        [
            .. tiers.Select((tier, i) =>
            {
                double? before = tier.Calibration!.ScoreError;
                double? added = MeasureErrors(tier, id => id > tier.Calibration.LastEntryId, cancellationToken);
                return new TierCheck
                {
                    CheckedAt = DateTimeOffset.UtcNow,
                    QueryCount = queryCount,
                    Top = Top,
                    Budget = promises[i].Budget,
                    Recall = recalls[i],
                    PromisedRecall = promises[i].LowerBound,
                    Drift = before > 0 && added is not null ? added / before : null,
                    HasDrifted = !tier.Record.IsGiven && added > before * DriftFactor && added - before > MinDriftError,
                    LastEntryId = FindLastEntry(snapshot.Set, tier.Record.SpaceName),
                    EntryCount = entries,
                };
            }),
        ];
    }

    private double? MeasureErrors(LiveTier tier, Func<long, bool> isWanted, CancellationToken cancellationToken)
        => tier is { IsUsable: true, Method.Codec: { } codec }
        ? CodeErrors.Measure(snapshot.Set, snapshot.Set.GetSpace(tier.Record.SpaceName), codec, isWanted, cancellationToken)
        : null;

    // What a search with the default recall takes, or the most that was measured.
    private static BudgetRecall FindPromise(TierCalibration calibration, long entries)
    {
        List<BudgetRecall> steps = [.. calibration.Budgets.Where(step => step.Top == Top).OrderBy(step => step.Budget)];
        BudgetRecall step = steps.FirstOrDefault(step => step.LowerBound >= SearchPlanner.DefaultRecall) ?? steps.LastOrDefault()
            ?? new BudgetRecall(Top, Top, 0, 0);
        double growth = Math.Max(1, (double)entries / Math.Max(1, calibration.EntryCount));
        return step with { Budget = (int)Math.Min(int.MaxValue, Math.Ceiling(step.Budget * growth)) };
    }
}
