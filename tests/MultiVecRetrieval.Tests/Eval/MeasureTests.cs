using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Tests.Eval;

public class MeasureTests
{
    private static readonly string[] Names =
    [
        "ndcg@2", "expndcg@2", "recall@2", "hit@2", "precision@2", "f1@2", "mrr@2", "map@2", "cappedmap@2", "mrr", "map", "rank",
    ];

    [Fact]
    public void Parse_EveryName_IsThatMeasure()
    {
        string[] ranking = ["x", "a", "b"];
        Dictionary<string, double> gains = new() { ["a"] = 1, ["b"] = 1 };

        double[] values = [.. Measure.ParseAll(Names).Select(measure => Math.Round(measure.Compute(ranking, gains), 4))];

        // The relevant key at rank 2 of the first two: nDCG = (1 / log2 3) / (1 + 1 / log2 3).
        Assert.Equal([0.3869, 0.3869, 0.5, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.5, 0.5833, 2], values);
        Assert.Equal(Names, Measure.ParseAll(Names).Select(measure => measure.Name));
    }

    [Theory]
    [InlineData("ndcg")]
    [InlineData("ndcg@0")]
    [InlineData("ndcg@x")]
    [InlineData("rank@5")]
    [InlineData("bleu@4")]
    public void Parse_UnknownName_SaysWhatThereIs(string name)
    {
        Assert.Contains("ndcg@k", Assert.Throws<ArgumentException>(() => Measure.Parse(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranking_TiedScores_AreBrokenAsTheRuleSays()
    {
        RankedRun run = new();
        run.Add("q", "a", 1);
        run.Add("q", "c", 1);
        run.Add("q", "b", 2);
        // The next double after 1 is 1 in single precision.
        run.Add("q", "d", Math.BitIncrement(1.0));

        Assert.Equal(["b", "d", "a", "c"], run.Ranking("q"));
        Assert.Equal(["b", "d", "c", "a"], run.Ranking("q", RankingRule.TrecEval));
        run.Add("q", "e", 1 - 1e-12);
        Assert.Equal(["b", "e", "d", "c", "a"], run.Ranking("q", RankingRule.TrecEval));
    }

    [Fact]
    public void Compute_QueriesWithoutAnswerOrWithoutRelevantKey_CountZeroOrNotAtAll()
    {
        RankedRun run = new();
        run.Add("1", "a", 1);
        Judgements judgements = new();
        judgements.Add("1", "a", 1);
        judgements.Add("2", "a", 1);
        judgements.Add("3", "a", 0);

        MeasuredRun measured = MeasuredRun.Compute(run, judgements, Measure.ParseAll("hit@1"))[0];

        Assert.Equal(["1", "2"], measured.Values.Keys);
        Assert.Equal(0.5, measured.Mean.Mean);
    }

    [Theory]
    [InlineData(0.125, 2, 0.12)] // a half that is exact goes to the even digit
    [InlineData(0.375, 2, 0.38)]
    [InlineData(2.675, 2, 2.67)] // is 2.67499999999999982236431605997495353221893310546875
    [InlineData(66.666666666666671, 2, 66.67)]
    [InlineData(0.123455, 5, 0.12345)] // is 0.123454999999999995
    public void Round_HalvesAndTheirNeighbours_AreAsInPython(double value, int digits, double expected)
    {
        Assert.Equal(expected, DecimalRounding.Round(value, digits));
    }
}
