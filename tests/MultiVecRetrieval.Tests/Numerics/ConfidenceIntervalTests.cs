using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

public class ConfidenceIntervalTests
{
    [Fact]
    public void OfMean_EqualValues_IsAPoint()
    {
        Assert.Equal(new ConfidenceInterval(0.25, 0.25, 0.25), ConfidenceInterval.OfMean([0.25, 0.25, 0.25, 0.25]));
    }

    [Fact]
    public void OfMean_ManyZerosAndOnes_IsCloseToTheNormalInterval()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i < 100 ? 1.0 : 0.0)];

        ConfidenceInterval interval = ConfidenceInterval.OfMean(values);

        // p ± 1.96 √(p(1 - p) / n) = 0.25 ± 0.0424. Means step by 1/400, and the percentile of 10,000 resamples has a
        // standard error near 0.0006, so two steps cover both.
        Assert.Equal(0.25, interval.Mean);
        Assert.Equal(0.25 - 0.0424, interval.Low, tolerance: 2.0 / 400);
        Assert.Equal(0.25 + 0.0424, interval.High, tolerance: 2.0 / 400);
    }

    [Fact]
    public void OfMean_SameSeed_IsTheSame()
    {
        double[] values = [0, 1, 0.5, 0.25, 1, 0, 0, 1];

        Assert.Equal(ConfidenceInterval.OfMean(values, seed: 3), ConfidenceInterval.OfMean(values, seed: 3));
        Assert.NotEqual(ConfidenceInterval.OfMean(values, sampleCount: 100, seed: 3),
            ConfidenceInterval.OfMean(values, sampleCount: 100, seed: 4));
    }

    [Fact]
    public void OfMean_NoValues_Throws()
    {
        Assert.Throws<ArgumentException>(() => ConfidenceInterval.OfMean([]));
    }

    [Fact]
    public void OfShares_EqualOrNoShares_IsWidenedByTheRuleOfThree()
    {
        ConfidenceInterval interval = ConfidenceInterval.OfShares([.. Enumerable.Repeat(1.0, 60)]);

        Assert.Equal((1, 0.95, 1), (interval.Mean, interval.Low, interval.High));
        Assert.Equal(new ConfidenceInterval(0, 0, 1), ConfidenceInterval.OfShares([]));
    }
}
