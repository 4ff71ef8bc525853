using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Recall of one tier and of two in a row from the ranks that they give, and what may be promised after it was measured.</summary>
public class RecallTableTests
{
    [Fact]
    public void Measure_Ranks_CountsThoseWithinTheBudget()
    {
        // Ten best entries of two queries; an entry of rank 14 needs a budget of 15.
        int[][] ranks = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 14], [0, 1, 2, 3, 4, 15, 6, 7, 8, 39]];

        IReadOnlyList<BudgetRecall> steps = RecallTable.Measure(ranks, top: 10, entryCount: 1000);

        Assert.Equal([(10, 0.85), (15, 0.9), (20, 0.95), (30, 0.95), (50, 1)], steps.Select(step => (step.Budget, Math.Round(step.Recall, 12))));
        Assert.All(steps, step => Assert.InRange(step.LowerBound, 0, step.Recall));
    }

    [Fact]
    public void Measure_TwoTiers_EqualsTheDefinition()
    {
        Random random = new(Seed: 3);
        const int EntryCount = 400;
        int[][] first = [.. Enumerable.Range(0, 30).Select(_ => Draw(random, EntryCount))];
        int[][] second = [.. Enumerable.Range(0, 30).Select(_ => Draw(random, EntryCount))];

        IReadOnlyList<CascadeRecall> steps = RecallTable.Measure(first, second, top: 10, EntryCount);

        Assert.NotEmpty(steps);
        Assert.Equal(1, steps[^1].Recall, 12);
        foreach (CascadeRecall step in steps)
        {
            Assert.InRange(step.Budget, 10, step.FirstBudget);
            double expected = Enumerable.Range(0, 30).Average(query => Enumerable.Range(0, 10).Count(i => first[query][i] < step.FirstBudget && second[query][i] < step.Budget) / 10.0);
            Assert.Equal(expected, step.Recall, 12);
        }
    }

    [Fact]
    public void Measure_FewerEntriesThanHits_IsComplete()
    {
        IReadOnlyList<BudgetRecall> steps = RecallTable.Measure([[0, 2, 1]], top: 10, entryCount: 3);

        Assert.Equal([(10, 1.0)], steps.Select(step => (step.Budget, step.Recall)));
    }

    [Fact]
    public void GetLower_AllOrNothing_IsWilsonsBoundOfThatManyTrials()
    {
        // 57 of 60 queries find everything, three nothing: (p + z²/2n - z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) for p = .95, n = 60, by hand.
        double[] shares = [.. Enumerable.Repeat(1.0, 57), .. Enumerable.Repeat(0.0, 3)];

        Assert.Equal(0.8812, RecallBound.GetLower(shares, top: 10), 1e-3);
        Assert.Equal(60 / (60 + (1.6449 * 1.6449)), RecallBound.GetLower(Enumerable.Repeat(1.0, 60).ToArray(), top: 10), 1e-9);
        Assert.Equal(0, RecallBound.GetLower([], top: 10));
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

            above += RecallBound.GetLower(shares, top: 10) > recall ? 1 : 0;
        }

        // A promise that is meant to hold in 95 % of all cases; the interval is an approximation, and 2,000 draws leave 1 % of chance.
        Assert.InRange((double)above / TrialCount, 0, 0.07);
    }

    private static int[] Draw(Random random, int entryCount)
    {
        int[] ranks = [.. Enumerable.Range(0, entryCount)];
        random.Shuffle(ranks);
        return ranks[..10];
    }

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
            return DrawGamma(random, shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double v = Math.Pow(1 + (c * normal), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * normal * normal) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }
}
