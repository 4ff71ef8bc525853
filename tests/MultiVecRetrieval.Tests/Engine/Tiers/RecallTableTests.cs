using MultiVecRetrieval.Measuring;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Recall of one tier and of two in a row from the ranks that they give, and what may be promised after it was measured.</summary>
public class RecallTableTests
{
    [Fact]
    public void Measure_Ranks_CountsThoseWithinTheBudget()
    {
        // Ten best entries of two queries; an entry of rank 14 needs a budget of 15.
        int[][] ranks = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 14], [0, 1, 2, 3, 4, 15, 6, 7, 8, 39]];

        IReadOnlyList<BudgetRecall> steps = new RecallTable([ranks], top: 10, entryCount: 1000).GetSteps();

        Assert.Equal([(10, 0.85), (12, 0.85), (16, 0.95), (20, 0.95), (25, 0.95), (32, 0.95), (40, 1)],
            steps.Select(step => (step.Budget, Math.Round(step.Recall, 12))));
        Assert.All(steps, step => Assert.InRange(step.LowerBound, 0, step.Recall));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void GetSmallestBudgets_SeveralTiers_EqualsTheDefinition(int tierCount)
    {
        // Each tier ranks better than the one before: budgets far below all entries reach high levels.
        Random random = new(Seed: 3);
        const int EntryCount = 400;
        const int QueryCount = 300;
        int[][][] ranks =
            [.. Enumerable.Range(0, tierCount)
            .Select(tier => Enumerable.Range(0, QueryCount).Select(_ => Draw(random, EntryCount, 60 / Math.Pow(4, tier))).ToArray())];

        IReadOnlyList<CascadeRecall> steps = new RecallTable(ranks, top: 10, EntryCount).GetSmallestBudgets();

        Assert.Contains(steps, step => step.LowerBound >= 0.95);
        foreach (CascadeRecall step in steps)
        {
            Assert.Equal(tierCount, step.Budgets.Count);
            Assert.Equal(step.Budgets.OrderByDescending(budget => budget).Distinct(), step.Budgets);
            Assert.Equal(Recall(step.Budgets), step.Recall, 12);
            Assert.InRange(step.LowerBound, 0.8, step.Recall);

            // Of two with the same promise none is smaller in every budget.
            Assert.DoesNotContain(steps, other => other != step && other.LowerBound >= step.LowerBound && other.Recall >= step.Recall
                && other.Budgets.Zip(step.Budgets, (mine, theirs) => mine < theirs).All(isLess => isLess));
        }

        double Recall(IReadOnlyList<int> budgets) => Enumerable.Range(0, QueryCount)
            .Average(query => Enumerable.Range(0, 10)
                .Count(i => Enumerable.Range(0, tierCount).All(tier => ranks[tier][query][i] < budgets[tier])) / 10.0);
    }

    [Fact]
    public void Measure_FewerEntriesThanHits_IsComplete()
    {
        IReadOnlyList<BudgetRecall> steps = new RecallTable([[[0, 2, 1]]], top: 10, entryCount: 3).GetSteps();

        Assert.Equal([(10, 1.0)], steps.Select(step => (step.Budget, step.Recall)));
    }

    [Fact]
    public void GetLower_AllOrNothing_IsWilsonsBoundOfThatManyTrials()
    {
        // 57 of 60 queries find everything, three nothing: (p + z²/2n - z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) for p = .95, n = 60, by hand.
        double[] shares = [.. Enumerable.Repeat(1.0, 57), .. Enumerable.Repeat(0.0, 3)];

        Assert.Equal(0.8812, GetLower(shares), 1e-3);
        Assert.Equal(60 / (60 + (1.6449 * 1.6449)), GetLower([.. Enumerable.Repeat(1.0, 60)]), 1e-9);
        Assert.Equal(0, GetLower([]));
    }

    [Theory]
    [InlineData(0.97, 40)] // queries alike: misses fall anywhere
    [InlineData(0.97, 8)]
    [InlineData(0.97, 2)] // most of the misses fall on few queries
    [InlineData(0.90, 2)]
    public void GetLower_QueriesOfOneKind_IsAboveTheirTrueRecallOneTimeInTwenty(double recall, double concentration)
    {
        // Each query has a recall of its own from a beta distribution around the mean; its ten hits are drawn by it.
        Random random = new(Seed: 17);
        int above = 0;
        const int TrialCount = 2000;
        for (int trial = 0; trial < TrialCount; trial++)
        {
            double[] shares = new double[60];
            for (int query = 0; query < shares.Length; query++)
            {
                double own = DrawBeta(random, recall * concentration, (1 - recall) * concentration);
                shares[query] = Enumerable.Range(0, 10).Count(_ => random.NextDouble() < own) / 10.0;
            }

            above += GetLower(shares) > recall ? 1 : 0;
        }

        // A promise that is meant to hold in 95 % of all cases; the interval is an approximation, and 2,000 draws leave 1 % of chance.
        Assert.InRange((double)above / TrialCount, 0, 0.07);
    }

    private static double GetLower(double[] shares)
        => RecallBound.GetLower(shares.Length, shares.Sum(), shares.Sum(share => share * share), top: 10);

    private static int[] Draw(Random random, int entryCount, double scale) =>
        [.. Enumerable.Range(0, 10).Select(_ => Math.Min(entryCount - 1, (int)(-scale * Math.Log(1 - random.NextDouble()))))];

    // Two gamma variables (Marsaglia and Tsang, 2000) give a beta variable.
    private static double DrawBeta(Random random, double a, double b)
    {
        double x = DrawGamma(random, a);
        double y = DrawGamma(random, b);
        return x / (x + y);
    }

    private static double DrawGamma(Random random, double shape)
    {
        if (shape < 1)
        {
            return DrawGamma(random, shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double v = Math.Pow(1 + (c * normal), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * normal * normal) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
