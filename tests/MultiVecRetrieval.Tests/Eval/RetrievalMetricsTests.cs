using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Tests.Eval;

public class RetrievalMetricsTests
{
    private static readonly string[] Ranking = ["a", "b", "c", "d", "e"];

    private static readonly Dictionary<string, double> TwoRelevant = new() { ["b"] = 1, ["e"] = 1, ["a"] = 0 };

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.5)]
    [InlineData(4, 0.5)]
    [InlineData(5, 1.0)]
    [InlineData(50, 1.0)]
    public void RecallAt_TwoRelevantAtRanks2And5_IsTheShareFound(int k, double expected)
    {
        Assert.Equal(expected, RetrievalMetrics.RecallAt(k, Ranking, TwoRelevant));
    }

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 1.0)]
    [InlineData(5, 1.0)]
    public void HitAt_FirstRelevantAtRank2_IsOneFromThere(int k, double expected)
    {
        Assert.Equal(expected, RetrievalMetrics.HitAt(k, Ranking, TwoRelevant));
    }

    [Fact]
    public void ReciprocalRank_FirstRelevantAtRank2_IsAHalf()
    {
        Assert.Equal(0.5, RetrievalMetrics.ReciprocalRank(Ranking, TwoRelevant));
    }

    [Fact]
    public void AveragePrecision_RelevantAtRanks2And5_AveragesThePrecisions()
    {
        // Precision 1/2 at rank 2 and 2/5 at rank 5.
        Assert.Equal((1 / 2.0 + 2 / 5.0) / 2, RetrievalMetrics.AveragePrecision(Ranking, TwoRelevant), precision: 15);
    }

    [Fact]
    public void AveragePrecision_RelevantKeyNotRanked_CountsZeroForIt()
    {
        Dictionary<string, double> gains = new() { ["a"] = 1, ["z"] = 1 };

        Assert.Equal(0.5, RetrievalMetrics.AveragePrecision(Ranking, gains));
    }

    [Fact]
    public void AveragePrecisionAt_CutBetweenRelevantRanks_DividesByAllRelevant()
    {
        // Of ranks 2 and 5 only 2 is among the first four.
        Assert.Equal(1 / 2.0 / 2, RetrievalMetrics.AveragePrecisionAt(4, Ranking, TwoRelevant), precision: 15);
    }

    [Fact]
    public void CappedAveragePrecisionAt_MoreRelevantThanPlaces_DividesByThePlaces()
    {
        Dictionary<string, double> gains = new() { ["a"] = 1, ["c"] = 1, ["x"] = 1, ["y"] = 1 };

        // 1/1 at rank 1 and 2/3 at rank 3, over min(3, 4).
        Assert.Equal((1 + 2 / 3.0) / 3, RetrievalMetrics.CappedAveragePrecisionAt(3, Ranking, gains), precision: 15);
        // Over min(50, 4).
        Assert.Equal((1 + 2 / 3.0) / 4, RetrievalMetrics.CappedAveragePrecisionAt(50, Ranking, gains), precision: 15);
    }

    [Fact]
    public void FurtherMeasures_TwoRelevantAtRanks2And5_AreAsCountedByHand()
    {
        Assert.Equal(1 / 3.0, RetrievalMetrics.PrecisionAt(3, Ranking, TwoRelevant), precision: 15);
        Assert.Equal(0.2, RetrievalMetrics.PrecisionAt(10, Ranking, TwoRelevant), precision: 15);
        // Precision 1/3 and recall 1/2.
        Assert.Equal(2 * (1 / 3.0) * 0.5 / (1 / 3.0 + 0.5), RetrievalMetrics.F1At(3, Ranking, TwoRelevant), precision: 15);
        Assert.Equal(0, RetrievalMetrics.F1At(1, Ranking, TwoRelevant));
        Assert.Equal(0, RetrievalMetrics.ReciprocalRankAt(1, Ranking, TwoRelevant));
        Assert.Equal(0.5, RetrievalMetrics.ReciprocalRankAt(2, Ranking, TwoRelevant));
        Assert.Equal(2, RetrievalMetrics.FirstRank(Ranking, TwoRelevant));
        Assert.Equal(6, RetrievalMetrics.FirstRank(Ranking, new Dictionary<string, double> { ["z"] = 1 }));
    }

    [Fact]
    public void ExponentialNdcgAt_GradedGains_EqualsTheSumsWrittenOut()
    {
        Dictionary<string, double> gains = new() { ["a"] = 1, ["b"] = 3, ["c"] = 0 };

        double gained = 1 / Math.Log2(2) + 7 / Math.Log2(3);
        double ideal = 7 / Math.Log2(2) + 1 / Math.Log2(3);
        Assert.Equal(gained / ideal, RetrievalMetrics.ExponentialNdcgAt(5, Ranking, gains), precision: 15);
    }

    [Fact]
    public void NdcgAt_GradedGains_EqualsTheSumsWrittenOut()
    {
        // Järvelin and Kekäläinen's example in small: gains 3, 2, 3, 0, 1 in the order ranked; ideal 3, 3, 2, 1.
        Dictionary<string, double> gains = new() { ["a"] = 3, ["b"] = 2, ["c"] = 3, ["d"] = 0, ["e"] = 1 };

        double actual = RetrievalMetrics.NdcgAt(5, Ranking, gains);

        double gained = 3 / Math.Log2(2) + 2 / Math.Log2(3) + 3 / Math.Log2(4) + 0 + 1 / Math.Log2(6);
        double ideal = 3 / Math.Log2(2) + 3 / Math.Log2(3) + 2 / Math.Log2(4) + 1 / Math.Log2(5);
        Assert.Equal(gained / ideal, actual, precision: 15);
    }

    [Fact]
    public void NdcgAt_CutBelowTheRelevantKey_IsZeroAndIdealIsCutToo()
    {
        Dictionary<string, double> gains = new() { ["a"] = 1, ["b"] = 1, ["c"] = 1 };

        Assert.Equal(0, RetrievalMetrics.NdcgAt(1, Ranking, TwoRelevant));
        Assert.Equal(1, RetrievalMetrics.NdcgAt(2, Ranking, gains));
    }

    [Fact]
    public void EveryMeasure_WithoutRelevantKeysOrWithoutRanking_IsZero()
    {
        Dictionary<string, double> none = new() { ["a"] = 0 };
        Dictionary<string, double> some = new() { ["a"] = 1 };
        (IReadOnlyList<string> Ranking, IReadOnlyDictionary<string, double> Gains)[] cases = [(Ranking, none), ([], some), ([], none)];

        foreach ((IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains) in cases)
        {
            Assert.Equal(0, RetrievalMetrics.RecallAt(10, ranking, gains));
            Assert.Equal(0, RetrievalMetrics.HitAt(10, ranking, gains));
            Assert.Equal(0, RetrievalMetrics.ReciprocalRank(ranking, gains));
            Assert.Equal(0, RetrievalMetrics.NdcgAt(10, ranking, gains));
            Assert.Equal(0, RetrievalMetrics.AveragePrecision(ranking, gains));
        }
    }

    [Fact]
    public void EveryMeasure_CutoffBelowOne_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrievalMetrics.RecallAt(0, Ranking, TwoRelevant));
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrievalMetrics.HitAt(-1, Ranking, TwoRelevant));
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrievalMetrics.NdcgAt(0, Ranking, TwoRelevant));
    }

    [Fact]
    public void EveryMeasure_RandomRankings_AgreesWithAPlainRecount()
    {
        Random random = new(Seed: 5);
        for (int round = 0; round < 200; round++)
        {
            string[] keys = [.. Enumerable.Range(0, random.Next(1, 12)).Select(i => $"k{i}")];
            Dictionary<string, double> gains = keys.Append("absent").ToDictionary(key => key, _ => (double)random.Next(0, 4));
            random.Shuffle(keys);
            int k = random.Next(1, 14);
            int relevant = gains.Count(pair => pair.Value > 0);

            double dcg = 0;
            double best = 0;
            int found = 0;
            double precisions = 0;
            double[] ideal = [.. gains.Values.OrderDescending()];
            for (int i = 0; i < Math.Max(keys.Length, ideal.Length); i++)
            {
                double gain = i < keys.Length ? gains[keys[i]] : 0;
                dcg += i < k ? gain / Math.Log2(i + 2) : 0;
                best += i < k && i < ideal.Length ? ideal[i] / Math.Log2(i + 2) : 0;
                found += gain > 0 ? 1 : 0;
                precisions += gain > 0 ? found / (i + 1.0) : 0;
            }

            Assert.Equal(best == 0 ? 0 : dcg / best, RetrievalMetrics.NdcgAt(k, keys, gains), precision: 12);
            Assert.Equal(relevant == 0 ? 0 : precisions / relevant, RetrievalMetrics.AveragePrecision(keys, gains), precision: 12);
            Assert.Equal(relevant == 0
                ? 0
                : keys.Take(k).Count(key => gains[key] > 0) / (double)relevant, RetrievalMetrics.RecallAt(k, keys, gains), precision: 12);
        }
    }
}
