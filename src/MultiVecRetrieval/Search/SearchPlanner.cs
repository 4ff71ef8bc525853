using System.Globalization;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>Chooses tiers and budgets for one query: what was asked for, else the cheapest that keep the recall, by measured
/// speeds.</summary>
internal sealed class SearchPlanner(SegmentSet set, ScanSpeed speed, int threads, TimeSpan latencyTarget)
{
    /// <summary>The recall that a request without one gets when an exact search would take too long.</summary>
    public const double DefaultRecall = 0.95;

    /// <summary>Candidates for one wanted hit when a tier without measurements is asked for by name.</summary>
    private const int UnmeasuredFactor = 20;

    /// <summary>Bounds are used when that is expected to take this part of a scan of all rows, at most: expectations err.</summary>
    private const double MaxProvenPart = 0.9;

    /// <summary>Candidates that a tier of a named cascade passes on for one that the next tier does.</summary>
    private const int NamedStageFactor = 8;

    /// <exception cref="SearchOptionException">The effort names a tier that the space does not have, or one that cannot do what it
    /// should.</exception>
    public PlanChoice Choose(SearchEffort effort, string space, QueryScorers scorers, EntryLayout layout, int depth)
    {
        if (effort is SearchEffort.TiersEffort named)
        {
            return ChooseNamed(named, space, scorers, layout, depth);
        }

        // What was measured of tiers, and their bounds, is about all rows.
        if (scorers.RowLimit is { } limit)
        {
            return PlanChoice.Exact($"Tiers stand for all rows, so every entry is scored by its first {limit}.");
        }

        if (effort is SearchEffort.ExactEffort)
        {
            return PlanChoice.Exact("An exact search was asked for.");
        }

        List<LiveTier> tiers = [.. set.TiersOfSpace(space).Where(tier => tier.Record.IsTrained && tier.Shared is { IsUsable: true })];
        PlanCosts costs = new(set, speed, threads, layout, scorers);
        if (effort is SearchEffort.ProofEffort)
        {
            LiveTier? bounded = tiers.Where(HasBounds).MinBy(tier => costs.GetProven(tier, depth));
            return bounded is null
                ? PlanChoice.Exact("No tier of the space has upper bounds, so every entry is scored exactly.")
                : new PlanChoice([new(bounded, int.MaxValue)], true, null, "A proof was asked for.");
        }

        (PlanChoice exact, double exactMs) = ChooseExact(tiers, scorers, costs, depth);
        return effort is SearchEffort.RecallEffort { Recall: var recall }
            ? ChooseCheapest(tiers, recall, exact, exactMs, costs, layout, depth)
            : exactMs <= latencyTarget.TotalMilliseconds
                ? exact with { Reason = $"{exact.Reason} The target is {Show(latencyTarget.TotalMilliseconds)} ms." }
                : ChooseCheapest(tiers, DefaultRecall, exact, exactMs, costs, layout, depth);
    }

    /// <summary>True when a space has every tier that an effort names.</summary>
    public static bool HasTiers(SegmentSet set, string space, SearchEffort.TiersEffort named) =>
        named.Stages.All(stage => set.TiersOfSpace(space).Any(tier => tier.Record.Spec == stage.Tier));

    /// <summary>The tiers of a space, for messages.</summary>
    public static string ListTiers(SegmentSet set, string space) =>
        set.TiersOfSpace(space).Select(tier => tier.Record.Spec).Distinct().ToList() is { Count: > 0 } specs
            ? string.Join(", ", specs)
            : "none";

    private static bool HasBounds(LiveTier tier) => tier.Method.HasUpperBounds;

    // Every row, or by the bounds of a tier: the hits are the same.
    private (PlanChoice Choice, double Milliseconds) ChooseExact(List<LiveTier> tiers, QueryScorers scorers, PlanCosts costs, int depth)
    {
        double scanMs = costs.GetExact();
        LiveTier? cheapest = null;
        double cheapestMs = scanMs * MaxProvenPart;
        foreach (LiveTier tier in tiers.Where(tier => HasBounds(tier) && tier.Calibration is not null))
        {
            double ms = costs.GetProven(tier, depth);
            if (ms < cheapestMs)
            {
                (cheapest, cheapestMs) = (tier, ms);
            }
            else if (ms >= scanMs * MaxProvenPart)
            {
                speed.ForgetShare(tier.Record.Id, scorers, costs.GetPart(depth));
            }
        }

        return cheapest is null
            ? (PlanChoice.Exact($"Scoring every entry is expected to take {Show(scanMs)} ms."), scanMs)
            : (new PlanChoice([new(cheapest, int.MaxValue)], true, null,
                $"The bounds of {cheapest.Record.Spec} are expected to prove the exact hits in {Show(cheapestMs)} ms, where scoring every entry takes {Show(scanMs)} ms."), cheapestMs);
    }

    private static string Show(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private PlanChoice ChooseNamed(
        SearchEffort.TiersEffort named, string space, QueryScorers scorers, EntryLayout layout, int depth)
    {
        LiveTier[] tiers = [.. named.Stages.Select(stage => FindTier(space, stage.Tier))];
        foreach (LiveTier tier in tiers)
        {
            if (tier.Shared is not { IsUsable: true })
            {
                return PlanChoice.Exact(
                    $"Tier {tier.Record.Spec} cannot be used: {tier.Shared?.Problem ?? tier.Record.Problem ?? "it is still being trained"}.");
            }
        }

        if (tiers.Skip(1).FirstOrDefault(tier => !tier.Method.ScoresEntries) is { } index)
        {
            throw new SearchOptionException("tier",
                $"Tier '{index.Record.Spec}' finds candidates among all entries, not among those of another tier: it can only be the first.");
        }

        // From the last one back: a tier without a budget passes on a multiple of what the next one does.
        PlanStage[] stages = new PlanStage[tiers.Length];
        long next = 0;
        for (int i = tiers.Length - 1; i >= 0; i--)
        {
            long standard = i == tiers.Length - 1 ? (long)depth * UnmeasuredFactor : next * NamedStageFactor;
            next = Math.Max(depth, named.Stages[i].Budget ?? standard);
            stages[i] = new PlanStage(tiers[i], (int)Math.Min(int.MaxValue, next));
        }

        BudgetRecall? expected = scorers.RowLimit is not null ? null
            : tiers.Length == 1
            ? MeasuredBudgets.Find(tiers[0], depth, layout).LastOrDefault(step => step.Budget <= stages[0].Budget)
            : MeasuredBudgets.FindExpected(stages, depth, layout);
        return new PlanChoice(stages, false, expected, $"Tier {named} was asked for.");
    }

    private LiveTier FindTier(string space, string spec)
    {
        // While a tier is trained anew there are two of its spec: the former one is complete.
        return set.TiersOfSpace(space).FirstOrDefault(tier => tier.Record.Spec == spec) ?? throw new SearchOptionException(
            "tier", $"Space '{space}' has no tier '{spec}'; it has {ListTiers(set, space)}.");
    }

    private static PlanChoice ChooseCheapest(List<LiveTier> tiers, double recall, PlanChoice exact, double exactMs, PlanCosts costs,
        EntryLayout layout, int depth)
    {
        PlanChoice best = exact with { Reason = $"No tier was measured to keep a recall of {Show(recall)} in less time. {exact.Reason}" };
        double bestMs = exactMs;
        void Offer(double ms, BudgetRecall expected, params PlanStage[] stages)
        {
            if (ms >= bestMs)
            {
                return;
            }

            bestMs = ms;
            best = new PlanChoice(stages, false, expected,
                $"Expected to take {Show(ms)} ms where an exact search takes {Show(exactMs)}, at a recall of {Show(recall)}.");
        }

        foreach (LiveTier tier in tiers)
        {
            if (MeasuredBudgets.Find(tier, depth, layout).FirstOrDefault(step => step.LowerBound >= recall) is { } step)
            {
                Offer(costs.GetScan(tier, step.Budget) + costs.GetRows(step.Budget), step,
                    new PlanStage(tier, Math.Max(step.Budget, depth)));
            }

            foreach (TierCascade cascade in tier.Calibration?.Cascades ?? [])
            {
                if (MeasuredBudgets.FindTiers(tiers, cascade, tier) is not { } stages)
                {
                    continue;
                }

                foreach (CascadeRecall measured in MeasuredBudgets.Find(cascade, tier, depth, layout)
                    .Where(measured => measured.LowerBound >= recall))
                {
                    double ms = costs.GetScan(stages[0], measured.Budgets[0]) + costs.GetRows(measured.Budgets[^1]);
                    for (int i = 1; i < stages.Length; i++)
                    {
                        ms += costs.GetCandidates(stages[i], measured.Budgets[i - 1]);
                    }

                    Offer(ms, MeasuredBudgets.ToBudgetRecall(measured),
                        [.. stages.Select((stage, i) => new PlanStage(stage, Math.Max(measured.Budgets[i], depth)))]);
                }
            }
        }

        return best;
    }
}
