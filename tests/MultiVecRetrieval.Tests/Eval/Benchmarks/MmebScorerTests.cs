using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Mmeb;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

public class MmebScorerTests
{
    private static readonly MmebPrediction Graded = new()
    {
        Prediction = ["docB", "docA", "docC"],
        Label = ["docA", "docB", "docC"],
        RelevanceScores = [1, 2, 1],
    };

    [Fact]
    public void Evaluate_GradedPerfectRanking_IsPerfect()
    {
        Assert.Equal(1, MmebScorer.Evaluate([Graded])["ndcg_linear@5"], precision: 12);
    }

    // What RankingMetrics.evaluate of TIGER-AI-Lab/VLM2Vec returns for the same under CPython 3.11 with each PYTHONHASHSEED.
    [Theory]
    [InlineData(0, 0.8821)]
    [InlineData(1, 0.8821)]
    [InlineData(2, 1.0)]
    [InlineData(3, 1.0)]
    [InlineData(4, 0.8403)]
    public void Evaluate_WithHashSeed_ReproducesTheOfficialMistake(int seed, double expected)
    {
        Assert.Equal(expected, Math.Round(MmebScorer.Evaluate([Graded], seed)["ndcg_linear@5"], 4));
    }

    // list(set("page-%d" % i for i in range(12))) of CPython 3.11 with each PYTHONHASHSEED: the table grows on the way.
    [Theory]
    [InlineData(0, "2 7 8 1 3 5 11 9 0 6 10 4")]
    [InlineData(1, "0 3 6 9 11 10 5 7 1 2 8 4")]
    [InlineData(2, "7 6 8 3 9 5 2 0 11 4 1 10")]
    [InlineData(3, "11 3 1 9 0 5 7 10 8 2 6 4")]
    [InlineData(4, "10 9 2 8 1 11 3 5 7 6 0 4")]
    public void Order_TwelveTexts_IsThatOfPython(int seed, string expected)
    {
        IReadOnlyList<string> order = PythonSet.Order(Enumerable.Range(0, 12).Select(i => $"page-{i}"), seed);

        Assert.Equal(expected, string.Join(' ', order.Select(page => page["page-".Length..])));
    }

    [Fact]
    public void Evaluate_AnswersWithoutGrades_EqualsTheOfficialScorer()
    {
        IReadOnlyDictionary<string, double> scores = MmebScorer.Evaluate(
        [
            new MmebPrediction { Prediction = ["a", "b", "c", "d", "e", "f"], Label = ["b", "e"] },
            new MmebPrediction { Prediction = ["x", "y", "z"], Label = ["x"] },
            new MmebPrediction { Prediction = ["q", "r", "s"], Label = ["s", "t", "u"] },
        ]);

        // As RankingMetrics.evaluate returns them.
        Dictionary<string, double> official = new()
        {
            ["hit@1"] = 1 / 3.0,
            ["hit@5"] = 1,
            ["ndcg_linear@1"] = 1 / 3.0,
            ["ndcg_linear@5"] = 0.6195632943384054,
            ["ndcg_exponential@10"] = 0.6195632943384054,
            ["precision@5"] = 0.26666666666666666,
            ["recall@5"] = 0.7777777777777778,
            ["f1@5"] = 0.38492063492063494,
            ["f1@10"] = 0.222999222999223,
            ["map@5"] = 0.5203703703703704,
            ["mrr@10"] = 0.611111111111111,
        };
        Assert.All(official, pair => Assert.Equal(pair.Value, scores[pair.Key], precision: 12));
        Assert.Equal(24, scores.Count);
    }

    [Fact]
    public void Require_GradesOrLabelsThatDoNotFit_AreRefused()
    {
        Assert.Throws<BenchmarkFormatException>(() => MmebScorer.Require(Graded with { RelevanceScores = [1] }, "line 1"));
        Assert.Throws<BenchmarkFormatException>(() => MmebScorer.Require(
            new MmebPrediction { Prediction = [], Label = ["a", "a"] }, "line 1"));
    }

    [Fact]
    public void All_DataSets_AreThe78OfTheBenchmark()
    {
        Assert.Equal(78, MmebDataset.All.Count);
        Assert.Equal([36, 18, 24], MmebDataset.All.GroupBy(dataset => dataset.Modality).Select(group => group.Count()));
        Assert.Equal([10, 10, 12, 4, 5, 5, 5, 3, 10, 4, 6, 4],
            MmebDataset.All.GroupBy(dataset => dataset.Group).Select(group => group.Count()));
        Assert.Equal("ViDoSeek-page", MmebDataset.Find("ViDoSeek-page-fixed")!.Name);
        Assert.True(MmebDataset.Find("SmthSmthV2")!.IsLocal);
        Assert.False(MmebDataset.Find("MSR-VTT")!.IsLocal);
    }

    // Texts as the loaders of TIGER-AI-Lab/VLM2Vec make them, without the mark of the picture and the blank after it.
    [Theory]
    [InlineData("VisDial", "<|image_1|>Find it.", "a dog", "Find it. a dog\n\n")]
    [InlineData("MSCOCO_t2i", "Find it.", "a dog", "Find it. a dog\n")]
    [InlineData("OK-VQA", "<|image_1|>Answer: \n", "what?", "Answer:\n what?\n")]
    [InlineData("CIRR", "<|image_1|>\nChange it.", "more dogs", "\nChange it. more dogs\n")]
    [InlineData("MSVD", "", "a man runs", "Find the video snippet that corresponds to the given summary: a man runs")]
    public void Query_OfEachKind_KeepsTheOfficialLineBreaks(string dataset, string instruction, string text, string expected)
    {
        Assert.Equal(expected, MmebPrompts.Query(MmebDataset.Find(dataset)!, instruction, text));
    }

    [Theory]
    [InlineData("MSCOCO_t2i", "<|image_1|>Represent it.", " ", "Represent it.\n")]
    [InlineData("NIGHTS", "<|image_1|>Represent it.", "", "Represent it.")]
    [InlineData("RefCOCO-Matching", "<|image_1|>Represent:", "\"left dog\"", "Represent: \"left dog\"\n")]
    public void Target_WithAndWithoutCaption_KeepsTheOfficialLineBreaks(string dataset, string instruction, string caption, string expected)
    {
        Assert.Equal(expected, MmebPrompts.Target(MmebDataset.Find(dataset)!, instruction, caption));
    }
}
