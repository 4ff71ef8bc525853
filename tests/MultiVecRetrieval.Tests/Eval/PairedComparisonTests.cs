using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Tests.Eval;

public class PairedComparisonTests
{
    [Fact]
    public void Of_ThreeEqualGains_TriesAllEightExchanges()
    {
        PairedComparison paired = PairedComparison.Of(Values(0, 0, 0), Values(1, 1, 1));

        // Of the eight ways to exchange, all and none have a sum of 3 or -3.
        Assert.Equal(2 / 8.0, paired.PValue);
        Assert.Equal(1, paired.Difference.Mean);
        Assert.Equal(3, paired.QueryCount);
    }

    [Fact]
    public void Of_UnequalDifferences_CountsSumsAtLeastAsLarge()
    {
        // Differences 3, 1, -1 sum to 3; |±3 ±1 ±1| ≥ 3 for (3,1,1), (3,1,-1), (3,-1,1) and their opposites.
        PairedComparison paired = PairedComparison.Of(Values(0, 0, 1), Values(3, 1, 0));

        Assert.Equal(6 / 8.0, paired.PValue);
    }

    [Fact]
    public void Of_EqualRuns_IsCertainlyNoDifference()
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => i / 30.0)];

        PairedComparison paired = PairedComparison.Of(Values(values), Values(values));

        Assert.Equal(1, paired.PValue);
        Assert.Equal(0, paired.Difference.Mean);
    }

    [Fact]
    public void Of_ManyQueries_AgreesWithTheExactTailOfTheSignTest()
    {
        // 20 differences of one size, 15 up and 5 down: P(|2X - 20| ≥ 10), X of Binomial(20, 1/2), is 0.04139.
        double[] first = new double[20];
        double[] second = [.. Enumerable.Range(0, 20).Select(i => i < 15 ? 1.0 : -1.0)];

        double p = PairedComparison.Of(Values(first), Values(second)).PValue;

        // Four standard deviations of 10,000 draws.
        Assert.Equal(0.04139, p, tolerance: 4 * Math.Sqrt(0.04139 * 0.95861 / 10_000));
        Assert.Equal(p, PairedComparison.Of(Values(first), Values(second)).PValue);
    }

    [Fact]
    public void Of_NothingInCommon_Throws()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.Of(new Dictionary<string, double> { ["a"] = 1 }, Values(1)));
    }

    private static Dictionary<string, double> Values(params double[] values) =>
        values.Select((value, i) => (value, i)).ToDictionary(pair => $"q{pair.i:00}", pair => pair.value);
}
