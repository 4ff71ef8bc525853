using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Tests.Eval;

public class WindowMetricsTests
{
    private static readonly TimeWindow[] Truth = [new(10, 20), new(40, 60)];
    private static readonly TimeWindow[] Found = [new(12, 22, 0.9), new(11, 20, 0.8), new(41, 58, 0.7)];

    [Theory]
    [InlineData(0, 10, 5, 15, 1 / 3.0)]
    [InlineData(0, 10, 10, 20, 0)]
    [InlineData(0, 10, 2, 4, 0.2)]
    [InlineData(3, 3, 3, 3, 0)]
    public void IntersectionOverUnion_TwoWindows_IsCommonOverCovered(double a, double b, double c, double d, double expected)
    {
        Assert.Equal(expected, new TimeWindow(a, b).IntersectionOverUnion(new TimeWindow(c, d)), precision: 15);
        Assert.Equal(expected, new TimeWindow(c, d).IntersectionOverUnion(new TimeWindow(a, b)), precision: 15);
    }

    [Fact]
    public void RecallAt_FirstAndSecondWindow_CountsWhatReachesTheThreshold()
    {
        // IoU with [10, 20]: 8/12 of the first, 9/10 of the second.
        Assert.Equal(1, WindowMetrics.RecallAt(1, 0.5, Found, Truth));
        Assert.Equal(0, WindowMetrics.RecallAt(1, 0.7, Found, Truth));
        Assert.Equal(1, WindowMetrics.RecallAt(5, 0.7, Found, Truth));
        Assert.Equal(0, WindowMetrics.RecallAt(1, 0.3, [], Truth));
        Assert.Equal(8 / 12.0, WindowMetrics.FirstIntersectionOverUnion(Found, Truth), precision: 15);
    }

    // What compute_average_precision_detection of jayleicn/moment_detr (standalone_eval/utils.py) returns.
    [Theory]
    [InlineData(0.5, 5 / 6.0)]
    [InlineData(0.65, 5 / 6.0)]
    [InlineData(0.7, 2 / 3.0)]
    [InlineData(0.85, 2 / 3.0)]
    [InlineData(0.9, 0.25)]
    [InlineData(0.95, 0)]
    public void AveragePrecision_OfficialExample_EqualsTheOfficialScorer(double threshold, double expected)
    {
        Assert.Equal(expected, WindowMetrics.AveragePrecision(threshold, Found, Truth), precision: 12);
    }

    [Fact]
    public void AveragePrecision_MeanOverThresholdsOfTheExample_IsFiveEighths()
    {
        Assert.Equal(0.625, WindowMetrics.Thresholds.Average(threshold => WindowMetrics.AveragePrecision(threshold, Found, Truth)),
            precision: 12);
    }

    // What get_ap of the same file returns.
    [Theory]
    [InlineData("01100", new[] { .1, .9, .3, .5, .2 }, 5 / 6.0)]
    [InlineData("10010", new[] { .2, .8, .7, .6, .1 }, 0.5)]
    [InlineData("1010", new[] { 1.0, 1, 1, 1 }, 0.5)]
    [InlineData("00", new[] { 1.0, 2 }, 0)]
    [InlineData("11", new[] { 1.0, 2 }, 1)]
    [InlineData("0110100", new[] { .3, .3, .7, .7, .1, .2, .9 }, 3 / 7.0)]
    public void HighlightAveragePrecision_OfficialExamples_EqualTheOfficialScorer(string truth, double[] scores, double expected)
    {
        Assert.Equal(expected, HighlightMetrics.AveragePrecision([.. truth.Select(c => c == '1')], scores), precision: 12);
    }

    [Fact]
    public void HighlightAveragePrecision_ScoresMissingOrTooMany_AreZeroOrLeftOut()
    {
        bool[] truth = [false, true, false];

        Assert.Equal(HighlightMetrics.AveragePrecision(truth, [0.2, 0.5, 0]), HighlightMetrics.AveragePrecision(truth, [0.2, 0.5]));
        Assert.Equal(1, HighlightMetrics.AveragePrecision(truth, [0.2, 0.5, 0.1, 0.9]));
    }

    [Fact]
    public void HitAtOne_TopClip_IsPositiveForAnyAnnotator()
    {
        bool[][] truth = [[false, false], [false, true], [true, true]];

        Assert.Equal(1, HighlightMetrics.HitAtOne(truth, [0.1, 0.9, 0.9]));
        Assert.Equal(0, HighlightMetrics.HitAtOne(truth, [0.9, 0.1, 0.1]));
        Assert.Equal(0, HighlightMetrics.HitAtOne(truth, [0, 0, 0, 1]));
    }
}
