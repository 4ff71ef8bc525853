using System.Globalization;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Search;

/// <summary>Chooses tier and budget for one query: what was asked for, else the cheapest that keeps the recall, by measured speeds.</summary>
internal sealed class SearchPlanner(SegmentSet set, ScanSpeed speed, int threads, TimeSpan latencyTarget)
{
    /// <summary>The recall that a request without one gets when an exact search would take too long.</summary>
    public const double DefaultRecall = 0.95;

    /// <summary>Candidates for one wanted hit when a tier without measurements is asked for by name.</summary>
    private const int UnmeasuredFactor = 20;

    /// <exception cref="ArgumentException">The query names a tier that the space does not have, or one without upper bounds for a certified search.</exception>
    public PlanChoice Choose(SearchRequest request, VectorQuery query, QueryScorers scorers, EntryLayout layout, int depth)
    {
        if (query.Tier is { } wanted)
            return ChooseNamed(request, query, wanted, layout, depth);

        if (request.Exact)
            return new PlanChoice(null, 0, false, null, "An exact search was asked for.");

        List<LiveTier> tiers = [.. set.TiersOfSpace(query.Space).Where(tier => tier.Record.IsTrained)];
        double exactMs = PredictExact(layout, scorers, tier: null, out _);
        if (request.Certified)
        {
            LiveTier? bounded = tiers.Where(tier => tier.Shared?.Codec?.HasUpperBounds == true)
                .OrderBy(tier => PredictScan(tier, layout, scorers, budget: 0)).FirstOrDefault();
            return bounded is null
                ? new PlanChoice(null, 0, false, null, "No tier of the space has upper bounds, so every entry is scored exactly.")
                : new PlanChoice(bounded, Math.Max(query.Budget ?? int.MaxValue, depth), true, null, "A certified search was asked for.");
        }

        if (request.Recall is null && exactMs <= latencyTarget.TotalMilliseconds)
            return new PlanChoice(null, 0, false, null, $"An exact search is expected to take {Show(exactMs)} ms, within the target of {Show(latencyTarget.TotalMilliseconds)}.");

        return ChooseCheapest(tiers, request.Recall ?? DefaultRecall, exactMs, scorers, layout, depth);
    }

    private static string Show(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private PlanChoice ChooseNamed(SearchRequest request, VectorQuery query, string wanted, EntryLayout layout, int depth)
    {
        List<LiveTier> known = [.. set.TiersOfSpace(query.Space)];

        // While a tier is trained anew there are two of its spec: the former one is complete.
        LiveTier tier = known.Find(t => t.Record.Spec == wanted) ?? throw new ArgumentException(
            $"Space '{query.Space}' has no tier '{wanted}'; it has {(known.Count == 0 ? "none" : string.Join(", ", known.Select(t => t.Record.Spec).Distinct()))}.",
            nameof(query));
        if (tier.Shared is not { IsUsable: true } shared)
        {
            string reason = tier.Shared?.Problem ?? tier.Record.Problem ?? "it is still being trained";
            return new PlanChoice(null, 0, false, null, $"Tier {wanted} cannot be used: {reason}.");
        }

        if (request.Certified && shared.Codec?.HasUpperBounds != true)
            throw new ArgumentException($"Tier '{wanted}' has no upper bounds, so it cannot certify a search.", nameof(query));

        if (request.Certified)
            return new PlanChoice(tier, Math.Max(query.Budget ?? int.MaxValue, depth), true, null, $"A certified search by {wanted} was asked for.");

        int budget = query.Budget ?? (int)Math.Min(int.MaxValue, (long)depth * UnmeasuredFactor);
        BudgetRecall? expected = FindBudgets(tier, depth, layout).LastOrDefault(step => step.Budget <= budget);
        return new PlanChoice(tier, Math.Max(budget, depth), false, expected, $"Tier {wanted} was asked for.");
    }

    private PlanChoice ChooseCheapest(List<LiveTier> tiers, double recall, double exactMs, QueryScorers scorers, EntryLayout layout, int depth)
    {
        PlanChoice best = new(
            null, 0, false, null, $"No tier was measured to keep a recall of {Show(recall)} in less than the {Show(exactMs)} ms of an exact search.");
        double bestMs = exactMs;
        foreach (LiveTier tier in tiers)
        {
            if (FindBudgets(tier, depth, layout).FirstOrDefault(step => step.LowerBound >= recall) is not { } step || tier.Shared is not { IsUsable: true })
                continue;

            double ms = PredictScan(tier, layout, scorers, step.Budget) + PredictRows(layout, scorers, step.Budget);
            if (ms < bestMs)
            {
                bestMs = ms;
                best = new PlanChoice(
                    tier, Math.Max(step.Budget, depth), false, step, $"Expected to take {Show(ms)} ms where an exact search takes {Show(exactMs)}, at a recall of {Show(recall)}.");
            }
        }

        return best;
    }

    // Budgets measured for at least as many hits as are wanted, grown with the space since then. One hit more is asked for by whoever wants
    // to know whether there are more; the recall is that of the hits.
    private static IEnumerable<BudgetRecall> FindBudgets(LiveTier tier, int depth, EntryLayout layout)
    {
        if (TierCalibration.Parse(tier.Record.Calibration) is not { } calibration)
            return [];

        double growth = Math.Max(1, (double)layout.Count / Math.Max(1, calibration.EntryCount));
        int top = calibration.Budgets.Select(step => step.Top).Where(measured => measured + 1 >= depth).DefaultIfEmpty(0).Min();
        return calibration.Budgets.Where(step => step.Top == top)
            .Select(step => step with { Budget = (int)Math.Min(int.MaxValue, Math.Ceiling(step.Budget * growth)) })
            .OrderBy(step => step.Budget);
    }

    private double PredictScan(LiveTier tier, EntryLayout layout, QueryScorers scorers, int budget)
    {
        double exact = PredictExact(layout, scorers, tier, out long coded);
        if (tier.Shared?.Index is not null)
        {
            // Each segment has an index of its own, in each of which as many candidates are looked for.
            double perCandidate = TierCalibration.Parse(tier.Record.Calibration)?.NanosecondsPerCandidateAndQueryRow ?? 0;
            return exact + (perCandidate * budget * scorers.Query.RowCount * layout.Segments.Length / Math.Min(threads, Math.Max(1, layout.Segments.Length)) / 1e6);
        }

        double nanoseconds = speed.GetCodes(tier.Record.Id, scorers)
            ?? (TierCalibration.Parse(tier.Record.Calibration)?.NanosecondsPerEntryAndQueryRow ?? 0) * scorers.Query.RowCount;
        double wantedShare = (double)layout.WantedCount / Math.Max(1, layout.Count);
        return exact + (coded * wantedShare * nanoseconds / threads / 1e6);
    }

    // Milliseconds for the rows of segments that have no codes in the tier; of all segments without one.
    private double PredictExact(EntryLayout layout, QueryScorers scorers, LiveTier? tier, out long coded)
    {
        double wantedShare = (double)layout.WantedCount / Math.Max(1, layout.Count);
        double nanoseconds = 0;
        coded = 0;
        foreach (LiveSegment segment in layout.Segments)
        {
            if (tier is not null && segment.FindCodes(tier.Record.Id)?.Reader is not null)
                coded += segment.Record.EntryCount;
            else
                nanoseconds += segment.Record.RowCount * wantedShare * GetExact(segment, scorers);
        }

        return nanoseconds / threads / 1e6;
    }

    private double PredictRows(EntryLayout layout, QueryScorers scorers, long entries)
    {
        if (layout.Segments.IsEmpty || layout.WantedCount == 0)
            return 0;

        double rows = Math.Min(entries, layout.WantedCount) * (double)layout.WantedRowCount / layout.WantedCount;
        return rows * GetExact(layout.Segments[0], scorers) / threads / 1e6;
    }

    private double GetExact(LiveSegment segment, QueryScorers scorers) =>
        speed.GetExact(set.GetSpace(segment.Record.SpaceName), segment.Record.RowFormat, scorers);
}
