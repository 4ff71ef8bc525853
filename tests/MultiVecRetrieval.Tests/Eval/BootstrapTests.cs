using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Tests.Eval;

public class BootstrapTests
{
    [Fact]
    public void MeanInterval_EqualValues_IsAPoint()
    {
        Assert.Equal(new ConfidenceInterval(0.25, 0.25, 0.25), Bootstrap.MeanInterval([0.25, 0.25, 0.25, 0.25]));
    }

    [Fact]
    public void MeanInterval_ManyZerosAndOnes_IsCloseToTheNormalInterval()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i < 100 ? 1.0 : 0.0)];

        ConfidenceInterval interval = Bootstrap.MeanInterval(values);

        // p ± 1.96 √(p(1 - p) / n) = 0.25 ± 0.0424. Means step by 1/400, and the percentile of 10,000 resamples has a
        // standard error near 0.0006, so two steps cover both.
        Assert.Equal(0.25, interval.Mean);
        Assert.Equal(0.25 - 0.0424, interval.Low, tolerance: 2.0 / 400);
        Assert.Equal(0.25 + 0.0424, interval.High, tolerance: 2.0 / 400);
    }

    [Fact]
    public void MeanInterval_SameSeed_IsTheSame()
    {
        double[] values = [0, 1, 0.5, 0.25, 1, 0, 0, 1];

        Assert.Equal(Bootstrap.MeanInterval(values, seed: 3), Bootstrap.MeanInterval(values, seed: 3));
        Assert.NotEqual(Bootstrap.MeanInterval(values, resampleCount: 100, seed: 3),
            Bootstrap.MeanInterval(values, resampleCount: 100, seed: 4));
    }

    [Fact]
    public void MeanInterval_NoValues_Throws()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.MeanInterval([]));
    }
}
