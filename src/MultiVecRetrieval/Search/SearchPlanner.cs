using System.Globalization;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>Chooses tiers and budgets for one query: what was asked for, else the cheapest that keep the recall, by measured
/// speeds.</summary>
internal sealed class SearchPlanner(SegmentSet set, ScanSpeed speed, int threads, TimeSpan latencyTarget)
{
    /// <summary>The recall that a request without one gets when an exact search would take too long.</summary>
    public const double DefaultRecall = 0.95;

    /// <summary>What separates the tiers of a cascade that is asked for by name.</summary>
    public const char Separator = '>';

    /// <summary>Candidates for one wanted hit when a tier without measurements is asked for by name.</summary>
    private const int UnmeasuredFactor = 20;

    /// <summary>Bounds are used when that is expected to take this part of a scan of all rows, at most: expectations err.</summary>
    private const double MaxProvenPart = 0.9;

    /// <summary>Candidates that a tier of a named cascade passes on for one that the next tier does.</summary>
    private const int NamedStageFactor = 8;

    /// <exception cref="TierChoiceException">The query names a tier that the space does not have, or one without upper bounds for a
    /// certified search.</exception>
    public PlanChoice Choose(SearchRequest request, VectorQuery query, QueryScorers scorers, EntryLayout layout, int depth)
    {
        // What was measured of tiers, and their bounds, is about all rows.
        if (request.RowLimit is { } limit && (query.Tier is null || request.Certified))
        {
            return PlanChoice.Exact($"Tiers stand for all rows, so every entry is scored by its first {limit}.");
        }

        if (query.Tier is { } wanted)
        {
            return ChooseNamed(request, query, wanted, layout, depth);
        }

        if (request.Exact)
        {
            return PlanChoice.Exact("An exact search was asked for.");
        }

        List<LiveTier> tiers = [.. set.TiersOfSpace(query.Space).Where(tier => tier.Record.IsTrained && tier.Shared is { IsUsable: true })];
        PlanCosts costs = new(set, speed, threads, layout, scorers);
        if (request.Certified)
        {
            LiveTier? bounded = tiers.Where(HasBounds).MinBy(tier => costs.GetProven(tier, depth));
            return bounded is null
                ? PlanChoice.Exact("No tier of the space has upper bounds, so every entry is scored exactly.")
                : new PlanChoice([new(bounded, Math.Max(FindLastBudget(query) ?? int.MaxValue, depth))], true, null,
                    "A certified search was asked for.");
        }

        (PlanChoice exact, double exactMs) = ChooseExact(tiers, scorers, costs, depth);
        return request.Recall is null && exactMs <= latencyTarget.TotalMilliseconds
            ? exact with { Reason = $"{exact.Reason} The target is {Show(latencyTarget.TotalMilliseconds)} ms." }
            : ChooseCheapest(tiers, request.Recall ?? DefaultRecall, exact, exactMs, costs, layout, depth);
    }

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

    private PlanChoice ChooseNamed(SearchRequest request, VectorQuery query, string wanted, EntryLayout layout, int depth)
    {
        LiveTier[] tiers = [.. wanted.Split(Separator).Select(spec => FindTier(query, spec.Trim()))];
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
            throw new TierChoiceException("tier",
                $"Tier '{index.Record.Spec}' finds candidates among all entries, not among those of another tier: it can only be the first.");
        }

        if (request.Certified && (tiers.Length > 1 || !tiers[0].Method.HasUpperBounds))
        {
            throw new TierChoiceException("tier", $"Tier '{wanted}' has no upper bounds, so it cannot certify a search.");
        }

        if (request.Certified)
        {
            return new PlanChoice([new(tiers[0], Math.Max(FindLastBudget(query) ?? int.MaxValue, depth))], true, null,
                $"A certified search by {wanted} was asked for.");
        }

        long budget = Math.Max(depth, FindLastBudget(query) ?? (long)depth * UnmeasuredFactor);
        PlanStage[] stages = [.. tiers.Select((tier, i) => new PlanStage(
            tier, query.Budgets.Count > 0
                ? Math.Max(depth, query.Budgets[i])
                : (int)Math.Min(int.MaxValue, budget * (long)Math.Pow(NamedStageFactor, tiers.Length - 1 - i))))];
        BudgetRecall? expected = request.RowLimit is not null ? null
            : tiers.Length == 1
            ? MeasuredBudgets.Find(tiers[0], depth, layout).LastOrDefault(step => step.Budget <= budget)
            : MeasuredBudgets.FindExpected(stages, depth, layout);
        return new PlanChoice(stages, false, expected, $"Tier {wanted} was asked for.");
    }

    private static int? FindLastBudget(VectorQuery query) => query.Budgets.Count > 0 ? query.Budgets[^1] : query.Budget;

    private LiveTier FindTier(VectorQuery query, string spec)
    {
        List<LiveTier> known = [.. set.TiersOfSpace(query.Space)];

        // While a tier is trained anew there are two of its spec: the former one is complete.
        return known.Find(tier => tier.Record.Spec == spec) ?? throw new TierChoiceException(
            "tier", $"Space '{query.Space}' has no tier '{spec}'; it has {(known.Count == 0 ? "none" : string.Join(", ", known.Select(tier => tier.Record.Spec).Distinct()))}.");
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
