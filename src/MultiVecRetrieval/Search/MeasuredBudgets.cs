using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>
/// Budgets of which the recall is known, grown with the space since it was measured, for at least as many hits as are wanted. One hit more
/// is asked for by whoever wants to know whether there are more; the recall is that of the hits.
/// </summary>
internal static class MeasuredBudgets
{
    /// <summary>Those of a single tier, ascending.</summary>
    public static IEnumerable<BudgetRecall> Find(LiveTier tier, int depth, EntryLayout layout)
    {
        if (tier.Calibration is not { } calibration)
        {
            return [];
        }

        int top = FindTop(calibration.Budgets.Select(step => step.Top), depth);
        return calibration.Budgets.Where(step => step.Top == top)
            .Select(step => step with { Budget = Grow(step.Budget, calibration, layout) })
            .OrderBy(step => step.Budget);
    }

    /// <summary>Those of a cascade.</summary>
    public static IEnumerable<CascadeRecall> Find(TierCascade cascade, LiveTier last, int depth, EntryLayout layout)
    {
        int top = FindTop(cascade.Steps.Select(step => step.Top), depth);
        return cascade.Steps.Where(step => step.Top == top)
            .Select(step => step with { Budgets = [.. step.Budgets.Select(budget => Grow(budget, last.Calibration!, layout))] });
    }

    /// <summary>The tiers of a cascade; null when one is not there any more.</summary>
    public static LiveTier[]? FindTiers(List<LiveTier> tiers, TierCascade cascade, LiveTier last)
    {
        LiveTier[] first = [.. cascade.FirstTierIds.Select(id => tiers.Find(tier => tier.Record.Id == id)).OfType<LiveTier>()];
        return first.Length == cascade.FirstTierIds.Count ? [.. first, last] : null;
    }

    /// <summary>What a plan is expected to find.</summary>
    public static BudgetRecall ToBudgetRecall(CascadeRecall step) => new(step.Top, step.Budgets[^1], step.Recall, step.LowerBound);

    /// <summary>The best that was measured with budgets that are no larger than those of a plan; null when nothing was.</summary>
    public static BudgetRecall? FindExpected(PlanStage[] stages, int depth, EntryLayout layout)
    {
        LiveTier last = stages[^1].Tier;
        TierCascade? cascade =
            last.Calibration?.Cascades.FirstOrDefault(
            known => known.FirstTierIds.SequenceEqual(stages.SkipLast(1).Select(stage => stage.Tier.Record.Id)));
        CascadeRecall? best = cascade is null ? null : Find(cascade, last, depth, layout)
            .Where(step => step.Budgets.Select((budget, i) => budget <= stages[i].Budget).All(fits => fits)).MaxBy(step => step.LowerBound);
        return best is null ? null : ToBudgetRecall(best);
    }

    private static int FindTop(IEnumerable<int> measured, int depth) => measured.Where(top => top + 1 >= depth).DefaultIfEmpty(0).Min();

    private static int Grow(int budget, TierCalibration calibration, EntryLayout layout) =>
        (int)Math.Min(int.MaxValue, Math.Ceiling(budget * Math.Max(1, (double)layout.Count / Math.Max(1, calibration.EntryCount))));
}
