using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

public sealed class ComposedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cirr_RunByALibrary_RanksWithoutTheReferenceAndWritesSubmissions()
    {
        using PlantedEncoder model = PlantedEncoder.CreateSplit();
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors)
        {
            Write($"dev/{word}.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (red, green, blue))));
        }

        Write("image_splits/split.rc2.val.json", JsonSerializer.Serialize(PlantedEncoder.Colors.ToDictionary(
            color => color.Word, color => $"./dev/{color.Word}.png")));
        Write("captions/cap.rc2.val.json", """
            [{"pairid": 12, "reference": "red", "target_hard": "yellow", "target_soft": {"yellow": 1.0}, "caption": "and green",
              "img_set": {"id": 1, "members": ["red", "yellow", "blue", "black", "white", "green"], "reference_rank": 0, "target_rank": 1}}]
            """);
        BenchmarkTask task = Assert.Single(await ReadAsync("cirr"));

        FinishedRun run = await new BenchmarkRunner(new RunOptions { Models = [model.Folder] }, _folder.PathOf("out"), _ => { })
            .RunAsync(task, TestContext.Current.CancellationToken);
        ScoreSheet sheet = RunFiles.Write(run);

        Assert.Empty(run.LeftOut);
        Assert.Equal(5, run.Run.Ranking("12").Count);
        Assert.DoesNotContain("red", run.Run.Ranking("12"));
        Assert.Equal(
            ["recall@1", "recall@5", "recall@10", "recall@50", "recall_subset@1", "recall_subset@2", "recall_subset@3", "(recall@5+recall_subset@1)/2"],
            sheet.Measures.Select(score => score.Name));
        Assert.Equal(1, sheet.Measures[1].Mean);
        JsonElement recall = ReadJson("cirr_val_recall.json"), subset = ReadJson("cirr_val_recall_subset.json");
        Assert.Equal(("rc2", "recall"), (recall.GetProperty("version").GetString(), recall.GetProperty("metric").GetString()));
        Assert.Equal("recall_subset", subset.GetProperty("metric").GetString());
        Assert.Equal(5, recall.GetProperty("12").GetArrayLength());
        Assert.Equal(3, subset.GetProperty("12").GetArrayLength());

        JsonElement ReadJson(string file) => JsonDocument.Parse(File.ReadAllText(_folder.PathOf($"out/CIRR/{file}"))).RootElement;
    }

    [Fact]
    public async Task Cirr_SubsetAndItsMean_AreCountedAmongMembersAlone()
    {
        Write("image_splits/split.rc2.val.json", """{"a": "./a.png", "b": "./b.png", "c": "./c.png", "d": "./d.png"}""");
        Write("captions/cap.rc2.val.json", """
            [{"pairid": 1, "reference": "a", "target_hard": "c", "caption": "x", "img_set": {"members": ["a", "c", "d"]}},
             {"pairid": 2, "reference": "b", "target_hard": "c", "caption": "y", "img_set": {"members": ["b", "a", "c"]}}]
            """);
        BenchmarkTask task = Assert.Single(await ReadAsync("cirr"));
        RankedRun run = Run(("1", "b c d"), ("2", "a d c"));

        Dictionary<string, double> scores = task.Special!(run).ToDictionary(score => score.Name, score => score.Mean);

        // Of question 1 the members rank c, d; of question 2 a, c.
        Assert.Equal((0.5, 1, 1), (scores["recall_subset@1"], scores["recall_subset@2"], scores["recall_subset@3"]));
        // Both targets are among the first five.
        Assert.Equal(0.75, scores["(recall@5+recall_subset@1)/2"]);
        Assert.Equal(0, MeasuredRun.Compute(run, task.Judgements, task.Measures.Select(Measure.Parse).ToList())[0].Mean.Mean);
    }

    [Fact]
    public async Task Cirr_TestSplit_HasNoAnswersAndASubmission()
    {
        Write("image_splits/split.rc2.test1.json", """{"a": "./test1/a.png", "b": "./test1/b.png"}""");
        Write("captions/cap.rc2.test1.json", """[{"pairid": 5, "reference": "a", "caption": "x", "img_set": {"members": ["a", "b"]}}]""");

        BenchmarkTask task = Assert.Single(await ReadAsync("cirr", "test1"));

        Assert.Empty(task.Judgements.QueryIds);
        Assert.Empty(task.Special!(new RankedRun()));
        task.WriteSubmission!(Run(("5", "b")), _folder.FullName);
        Assert.Contains("\"5\": [", File.ReadAllText(_folder.PathOf("cirr_test1_recall.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Circo_SeveralAnswers_AreScoredByAspectAndSubmittedAsNumbers()
    {
        Write("COCO2017_unlabeled/unlabeled2017/000000000042.jpg", "x");
        Write("COCO2017_unlabeled/unlabeled2017/000000000000.jpg", "x");
        Write("annotations/val.json", """
            [{"reference_img_id": 42, "target_img_id": 7, "relative_caption": "two of them", "shared_concept": "dog",
              "gt_img_ids": [7, 8, 9], "id": 0, "semantic_aspects": ["cardinality", "negation"]},
             {"reference_img_id": 0, "target_img_id": 8, "relative_caption": "none", "shared_concept": "cat",
              "gt_img_ids": [8], "id": 1, "semantic_aspects": ["negation"]}]
            """);
        BenchmarkTask task = Assert.Single(await ReadAsync("circo"));
        RankedRun run = Run(("0", "7 1 8"), ("1", "1 7 8"));

        Dictionary<string, double> scores = task.Special!(run).ToDictionary(score => score.Name, score => score.Mean);
        double map5 = MeasuredRun.Compute(run, task.Judgements, Measure.ParseAll("cappedmap@5"))[0].Mean.Mean;

        // Question 0: (1/1 + 2/3) / min(5, 3); question 1: 1/3.
        Assert.Equal(((5 / 3.0 / 3) + (1 / 3.0)) / 2, map5, precision: 12);
        Assert.Equal(5 / 9.0, scores["map@10 cardinality"], precision: 12);
        Assert.Equal(((5 / 9.0) + (1 / 3.0)) / 2, scores["map@10 negation"], precision: 12);
        Assert.Equal(1, scores["recall_target@5"]);
        task.WriteSubmission!(run, _folder.FullName);
        Assert.Equal("{\"0\":[7,1,8],\"1\":[1,7,8]}", File.ReadAllText(_folder.PathOf("circo_val_submission.json")));
        Assert.EndsWith("000000000042.jpg", task.Queries[0].File, StringComparison.Ordinal);
        List<string> ids = [];
        await foreach (CorpusItem item in task.Corpus(TestContext.Current.CancellationToken))
        {
            ids.Add(item.Id);
        }

        Assert.Equal(["0", "42"], ids);
    }

    [Fact]
    public async Task FashionIq_BothGalleries_AreSaidApart()
    {
        Write("captions/cap.dress.val.json", """[{"target": "B1", "candidate": "B2", "captions": ["is red", "has sleeves"]}]""");
        Write("image_splits/split.dress.val.json", """["B1", "B2", "B3"]""");

        BenchmarkTask all = Assert.Single(await ReadAsync("fashioniq"));
        BenchmarkTask small = Assert.Single(await ReadAsync("fashioniq-small"));

        Assert.Equal(("FashionIQ", "dress"), (all.Name, all.Subset));
        Assert.Equal("FashionIQ-val-split", small.Name);
        Assert.Equal("is red and has sleeves", all.Queries[0].Text);
        Assert.Equal((3, 2), (await CountAsync(all), await CountAsync(small)));
        Assert.Equal(["B1"], all.Judgements.Of("dress-0000").Keys);
    }

    private static RankedRun Run(params (string Query, string Items)[] answers)
    {
        RankedRun run = new();
        foreach ((string query, string items) in answers)
        {
            foreach ((string item, int i) in items.Split(' ').Select((item, i) => (item, i)))
            {
                run.Add(query, item, 1.0 / (i + 1));
            }
        }

        return run;
    }

    private static async Task<int> CountAsync(BenchmarkTask task)
    {
        int count = 0;
        await foreach (CorpusItem _ in task.Corpus(TestContext.Current.CancellationToken))
        {
            count++;
        }

        return count;
    }

    private Task<IReadOnlyList<BenchmarkTask>> ReadAsync(string suite, string? split = null) =>
        BenchmarkSuites.Find(suite).ReadAsync(new SuiteRequest(_folder.FullName) { Split = split }, TestContext.Current.CancellationToken);

    private void Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        _folder.Write(name, content);
    }
}
