using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>With how many candidates an index is tried.</summary>
public sealed class IndexBudgetsTests
{
    [Theory]
    [InlineData("ivf", 1_000_000, 4_000)]
    [InlineData("hnsw:16", 1_000_000, 4_000)]
    [InlineData("tokens:16384", 10_000, 4_000)]
    [InlineData("tokens:16384", 100_000, 10_000)]
    [InlineData("tokens:16384", 1_000_000, 40_000)]
    public void Largest_GrowsWithEntriesOfManyRowsOnly(string spec, int entryCount, int expected) =>
        Assert.Equal(expected, IndexTier.Parse(spec).GetMaxBudget(entryCount));

    [Theory]
    [InlineData(10)]
    [InlineData(4_000)]
    [InlineData(20_000)]
    [InlineData(int.MaxValue)]
    public void Steps_RiseByAboutThreeFifthsUpToTheLargest(int limit)
    {
        int[] budgets = Calibrator.GetIndexBudgets(limit);

        Assert.Equal(10, budgets[0]);
        Assert.InRange(budgets[^1], limit / 1.7, limit);
        Assert.All(budgets.Zip(budgets.Skip(1)), pair => Assert.InRange((double)pair.Second / pair.First, 1.5, 1.7));
    }
}
