using System.Globalization;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Copies;
using MultiVecRetrieval.Eval.Benchmarks.Moments;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

public sealed class MomentBenchmarkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // What eval_submission of jayleicn/moment_detr (standalone_eval/eval.py) returns for the same files.
    [Fact]
    public void QvHighlights_ConstructedSubmission_EqualsTheOfficialScorer()
    {
        string many = string.Join(", ", Enumerable.Range(0, 50).Select(i => $"[{i * 7 % 5}, {i * 3 % 5}, {i * 11 % 5}]"));
        string truth = Write("highlight_val_release.jsonl", $$$"""
            {"qid": 1, "query": "a", "duration": 150, "vid": "v_0_150", "relevant_windows": [[10, 20], [40, 60]], "relevant_clip_ids": [5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29], "saliency_scores": [[3, 2, 4], [4, 4, 4], [2, 2, 1], [1, 0, 2], [3, 3, 3], [2, 1, 2], [4, 3, 4], [0, 0, 1], [3, 2, 2], [4, 4, 3], [1, 1, 1], [2, 3, 2], [3, 3, 4], [2, 2, 2], [1, 2, 0]]}
            {"qid": 2, "query": "b", "duration": 20, "vid": "w_0_20", "relevant_windows": [[4, 8]], "relevant_clip_ids": [2, 3], "saliency_scores": [[4, 4, 4], [1, 2, 3]]}
            {"qid": 3, "query": "c", "duration": 126, "vid": "x_0_126", "relevant_windows": [[0, 100]], "relevant_clip_ids": [{{{string.Join(", ", Enumerable.Range(0, 50))}}}], "saliency_scores": [{{{many}}}]}

            """);
        string predicted = Write("predictions.jsonl", $$$"""
            {"qid": 1, "query": "a", "vid": "v_0_150", "pred_relevant_windows": [[12, 22, 0.9], [11, 20, 0.8], [41, 58, 0.7]], "pred_saliency_scores": [{{{Scores(75, i => i * 37 % 23 / 23.0)}}}]}
            {"qid": 2, "query": "b", "vid": "w_0_20", "pred_relevant_windows": [[0, 2, 0.2], [4, 9, 0.9]], "pred_saliency_scores": [0.1, 0.2, 0.9, 0.3]}
            {"qid": 3, "query": "c", "vid": "x_0_126", "pred_relevant_windows": [[10, 95, 0.5], [0, 60, 0.6], [50, 126, 0.4]], "pred_saliency_scores": [{{{Scores(80, i => (i * 13 % 7 / 7.0) - 0.5)}}}]}

            """);

        IReadOnlyDictionary<string, double> scores = QvHighlightsScorer.ToOfficial(QvHighlightsScorer.Score(
            [.. MomentReaders.ReadQvHighlights(truth)], MomentPrediction.Read(predicted).ToDictionary(prediction => prediction.Id)));

        Dictionary<string, double> official = new()
        {
            ["MR-full-R1@0.5"] = 66.67,
            ["MR-full-R1@0.7"] = 33.33,
            ["MR-full-mAP"] = 62.5,
            ["MR-full-mAP@0.5"] = 94.44,
            ["MR-full-mAP@0.75"] = 72.22,
            ["MR-full-mAP@0.85"] = 38.89,
            ["MR-full-mAP@0.9"] = 8.33,
            ["MR-long-mAP"] = 55.0,
            ["MR-middle-mAP"] = 26.67,
            ["MR-short-mAP"] = 67.5,
            ["MR-short-R1@0.65"] = 50.0,
            ["MR-short-R1@0.7"] = 0,
            ["HL-min-Fair-mAP"] = 54.93,
            ["HL-min-Fair-Hit1"] = 66.67,
            ["HL-min-Good-mAP"] = 48.48,
            ["HL-min-Good-Hit1"] = 66.67,
            ["HL-min-VeryGood-mAP"] = 41.64,
            ["HL-min-VeryGood-Hit1"] = 33.33,
        };
        Assert.All(official, pair => Assert.Equal(pair.Value, scores[pair.Key]));
    }

    [Fact]
    public void Submission_WrittenAndRead_IsTheSame()
    {
        MomentQuery query = new("7", "a \"dog\"", "v_0_10", 10, []);

        MomentPrediction written =
            MomentPrediction.Of(query, [new TimeWindow(4, 12, 0.5), new TimeWindow(0, 4, 0.75), new TimeWindow(11, 12, 0.9)]);
        MomentPrediction read = Assert.Single(MomentPrediction.Read(Write("p.jsonl", written.ToLine() + "\n")));

        // Clipped to the video; what lies behind it is gone.
        Assert.Equal([new TimeWindow(4, 10, 0.5), new TimeWindow(0, 4, 0.75)], read.Windows);
        Assert.Equal([0.75, 0.75, 0.5, 0.5, 0.5], read.Saliency!);
        Assert.Equal(("7", query.Text, "v_0_10"), (read.Id, read.Query, read.Video));
        Assert.StartsWith("{\"qid\":7,", written.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_OfTall_AreQuestionsWithWindows()
    {
        string path = Write("charades_sta_test.txt", "3MSZA 24.3 30.4##person turn a light on.\nX.avi 0 5##b\n");

        MomentQuery[] queries = [.. MomentReaders.ReadLines(path, new Dictionary<string, double> { ["3MSZA"] = 30 })];

        Assert.Equal(new TimeWindow(24.3, 30), Assert.Single(queries[0].Truth));
        Assert.Equal(("1", "3MSZA", "person turn a light on."), (queries[0].Id, queries[0].Video, queries[0].Text));
        Assert.Equal("X", queries[1].Video);
        Assert.Throws<BenchmarkFormatException>(() => MomentReaders.ReadLines(Write("bad.txt", "3MSZA 24.3##x\n"), new Dictionary<string, double>()).ToList());
    }

    [Fact]
    public void Object_InSecondsOrFrames_IsInSeconds()
    {
        string seconds = Write("val_1.json", """{"v_1": {"duration": 82.73, "timestamps": [[0.83, 19.86], [17.37, 99]], "sentences": ["A.", " B."]}}""");
        string frames = Write("test.json", """{"s13-d21.avi": {"fps": 29.4, "num_frames": 2940, "timestamps": [[294, 588]], "sentences": ["C."]}}""");

        Assert.Equal([new TimeWindow(0.83, 19.86), new TimeWindow(17.37, 82.73)],
            MomentReaders.ReadObject(seconds).Select(query => query.Truth[0]));
        MomentQuery tacos = Assert.Single(MomentReaders.ReadObject(frames));
        Assert.Equal((10, 20, 100), (tacos.Truth[0].Start, tacos.Truth[0].End, tacos.Duration));
        Assert.Equal("s13-d21", tacos.Video);
    }

    [Fact]
    public void Recall_OfSeveralWindows_IsCountedByHand()
    {
        MomentQuery[] queries = [new("1", "a", "v", 0, [new TimeWindow(0, 10)]), new("2", "b", "v", 0, [new TimeWindow(0, 10)])];
        Dictionary<string, MomentPrediction> predictions = new()
        {
            ["1"] = MomentPrediction.Of(queries[0], [new TimeWindow(0, 4), new TimeWindow(0, 8)]),
        };

        Dictionary<string, double> scores = MomentScorer.Score(queries, predictions).ToDictionary(score => score.Name, score => score.Mean);

        // IoU .4 first, .8 second; the other question has no answer.
        Assert.Equal((0.5, 0, 0), (scores["R@1 IoU=0.3"], scores["R@1 IoU=0.5"], scores["R@1 IoU=0.7"]));
        Assert.Equal((0.5, 0.5, 0.5), (scores["R@5 IoU=0.3"], scores["R@5 IoU=0.5"], scores["R@5 IoU=0.7"]));
        Assert.Equal(0.2, scores["mIoU"], precision: 12);
    }

    [Fact]
    public void Fivr_LabelsOfVideosThatAreThere_AreTheAnswersOfEachTask()
    {
        foreach (string video in (string[])["q", "a", "b", "c", "d"])
        {
            Write($"videos/{video}.mp4", "x");
        }

        Write("annotation.json", """{"q": {"ND": ["a", "gone"], "DS": ["b"], "CS": ["c"], "IS": ["d"]}, "missing": {"ND": ["a"]}}""");
        BenchmarkTask task = Assert.Single(Read("fivr"));
        RankedRun run = new();
        foreach ((string video, double score) in ((string, double)[])[("d", 0.9), ("a", 0.8), ("b", 0.7), ("c", 0.6)])
        {
            run.Add("q", video, score);
        }

        Dictionary<string, double> scores = task.Special!(run).ToDictionary(score => score.Name, score => score.Mean);

        Assert.Equal(("q", "q"), (Assert.Single(task.Queries).LikeItem, task.Queries[0].Excluded[0]));
        Assert.Equal(((1 / 2.0) + (2 / 3.0)) / 2, scores["DSVR mAP"], precision: 12);
        Assert.Equal(((1 / 2.0) + (2 / 3.0) + (3 / 4.0)) / 3, scores["CSVR mAP"], precision: 12);
        Assert.Equal(1, scores["ISVR mAP"]);
        task.WriteSubmission!(run, _folder.FullName);
        Assert.Contains("\"q\":{\"d\":0.9", File.ReadAllText(_folder.PathOf("fivr_result.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void PairPrecision_TiesAndRepeats_AreCountedByHand()
    {
        HashSet<(string, string)> truth = [("q1", "r1"), ("q2", "r2"), ("q3", "r3")];

        double precision = PairPrecision.Compute(
            [("q1", "r1", 0.9), ("q1", "r1", 0.1), ("q1", "r2", 0.8), ("q2", "r2", 0.8), ("q3", "r1", 0.7)], truth);

        // 1/1 for the first third, then two pairs of one score: 2/3 for the second.
        Assert.Equal((1 + (2 / 3.0)) / 3, precision, precision: 12);
        Assert.Equal(0, PairPrecision.Compute([("q", "r", 1)], new HashSet<(string, string)>()));
    }

    [Fact]
    public void Dvsc_Pairs_AreReadFromTheirCsv()
    {
        Write("query/Q1.mp4", "x");
        Write("reference/R1.mp4", "x");
        Write("truth.csv", "query_id,ref_id,query_start,query_end,ref_start,ref_end\nQ1,R1,0,5,3,8\nQ1,R1,7,9,3,8\n");

        BenchmarkTask task = Assert.Single(Read("dvsc"));
        RankedRun run = new();
        run.Add("Q1", "R1", 0.5);

        Assert.Equal(1, Assert.Single(task.Special!(run)).Mean);
        Assert.Equal(["R1"], task.Queries[0].Candidates!);
        task.WriteSubmission!(run, _folder.FullName);
        Assert.Equal([("Q1", "R1", 0.5)], CopySuites.ReadScoredPairs(_folder.PathOf("dvsc_pairs.csv")));
    }

    private static string Scores(int count, Func<int, double> score) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => score(i).ToString("R", CultureInfo.InvariantCulture)));

    private IReadOnlyList<BenchmarkTask> Read(string suite) =>
        BenchmarkSuites.Find(suite).ReadAsync(new SuiteRequest(_folder.FullName),
            TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        File.WriteAllText(_folder.PathOf(name), content);
        return _folder.PathOf(name);
    }
}
