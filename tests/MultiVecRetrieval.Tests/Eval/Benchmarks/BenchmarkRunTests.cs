using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Reporting;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

/// <summary>A data set of coloured pictures in the layout of ViDoRe, run from its files to results, by an encoder of known
/// geometry.</summary>
public sealed class BenchmarkRunTests : IDisposable
{
    private static readonly (string Word, byte Red, byte Green, byte Blue)[] Colors = PlantedEncoder.Colors;

    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task Run_PagesOfParquet_IsScoredWrittenComparedAndReported()
    {
        BenchmarkTask task = await WriteAndReadAsync();
        FinishedRun run = await RunAsync(task, "library", new RunOptions { Models = [_model.Folder] });
        ScoreSheet sheet = RunFiles.Write(run);

        // A colour's own picture comes first, so that every measure is perfect.
        Assert.Equal(1, sheet.Measures[0].Mean);
        Assert.Equal("ndcg@5", sheet.Measures[0].Name);
        Assert.Equal(1, sheet.LeftOut);
        Assert.Contains(run.LeftOut, reason => reason.StartsWith("99:", StringComparison.Ordinal));
        AssertMtebFiles(run);
        await AssertGoesOnAsync(task);
        await AssertComparisonAsync(task);
    }

    [Fact]
    public async Task Run_CandidatesExclusionsAndTexts_AreKeptByVectorsOfAModel()
    {
        BenchmarkTask task = new()
        {
            Name = "captions",
            Corpus = _ => Items(Colors.Select(color => new CorpusItem($"a {color.Word}\tphoto") { Text = $"a photo of {color.Word}" })),
            Queries =
            [
                new BenchmarkQuery("0") { Picture = Picture(Colors[0]) },
                new BenchmarkQuery("1") { Picture = Picture(Colors[0]), Excluded = ["a red\tphoto"] },
                new BenchmarkQuery("2") { Picture = Picture(Colors[0]), Candidates = ["a blue\tphoto", "a green\tphoto"] },
            ],
            Judgements = new(),
            Measures = ["hit@1"],
            NeedsModelVectors = true,
        };
        using VectorIndex index = new(new RunOptions { Models = [_model.Folder] }, _folder.PathOf("vectors"), new RunLog(_log.Add));
        Assert.Empty(await index.FillAsync(task, Cancellation));

        IReadOnlyList<RankedItem>[] found =
            [.. await Task.WhenAll(task.Queries.Select(query => index.SearchAsync(query, 10, Cancellation)))];

        Assert.Equal("a red\tphoto", found[0][0].Id);
        Assert.Equal(6, found[0].Count);
        Assert.DoesNotContain(found[1], item => item.Id == "a red\tphoto");
        Assert.Equal(["a blue\tphoto", "a green\tphoto"], found[2].Select(item => item.Id).Order(StringComparer.Ordinal));
        Assert.True(found[0][0].Score > found[0][1].Score);
    }

    private void AssertMtebFiles(FinishedRun run)
    {
        MtebFiles.Write(_folder.PathOf("mteb"), [run], "maker/name", "r1");
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(_folder.PathOf($"mteb/{run.Task.Name}.json")));
        JsonElement scores = results.RootElement.GetProperty("scores").GetProperty("test")[0];
        // What TaskResult of mteb demands.
        Assert.Equal(run.Task.Name, results.RootElement.GetProperty("task_name").GetString());
        Assert.Equal(JsonValueKind.String, results.RootElement.GetProperty("dataset_revision").ValueKind);
        Assert.Equal(JsonValueKind.Number, results.RootElement.GetProperty("evaluation_time").ValueKind);
        Assert.Equal(1, scores.GetProperty("main_score").GetDouble());
        Assert.Equal("default", scores.GetProperty("hf_subset").GetString());
        Assert.Equal(JsonValueKind.Array, scores.GetProperty("languages").ValueKind);
        Assert.Equal(0.2, scores.GetProperty("precision_at_5").GetDouble());
        using JsonDocument predictions = JsonDocument.Parse(File.ReadAllText(_folder.PathOf($"mteb/{run.Task.Name}_predictions.json")));
        Assert.Equal("maker/name", predictions.RootElement.GetProperty("mteb_model_meta").GetProperty("model_name").GetString());
        JsonElement answered = predictions.RootElement.GetProperty("default").GetProperty("test").GetProperty("0");
        Assert.Equal("0", answered.EnumerateObject().MaxBy(pair => pair.Value.GetDouble()).Name);
    }

    // A run that was killed leaves half a line; what stands before it is not asked again.
    private async Task AssertGoesOnAsync(BenchmarkTask task)
    {
        string answers = _folder.PathOf($"library/{task.FullName}/answers.jsonl");
        string[] lines = File.ReadAllLines(answers);
        await File.WriteAllTextAsync(answers, string.Join('\n', lines[..3]) + '\n' + lines[3][..20], Cancellation);
        _log.Clear();

        FinishedRun again = await RunAsync(task, "library", new RunOptions { Models = [_model.Folder] });

        Assert.Contains(_log, line => line.Contains("3 answered before", StringComparison.Ordinal));
        Assert.Equal(lines.Length, File.ReadAllLines(answers).Length);
        Assert.Equal(task.Queries.Count, again.Run.QueryIds.Count);
        await Assert.ThrowsAsync<ArgumentException>(
            () => RunAsync(task, "library", new RunOptions { Models = [_model.Folder], IsExact = true }));
    }

    private async Task AssertComparisonAsync(BenchmarkTask task)
    {
        FinishedRun vectors = await RunAsync(task, "vectors", new RunOptions { Models = [_model.Folder], ByModel = true });
        RunFiles.Write(vectors);

        string table = RunComparison.ToMarkdown(_folder.PathOf("library"), _folder.PathOf("vectors"));

        Assert.Contains("| ndcg@5 | 6 | 1.0000 | 1.0000 | 0.000 [0.000, 0.000] | 1.000 |", table, StringComparison.Ordinal);
        string page = ReportPage.Write([_folder.PathOf("library"), _folder.PathOf("vectors")], DateTimeOffset.UnixEpoch);
        Assert.Contains("data:image/png;base64,iVBOR", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.Contains("<th>ndcg@5</th>", page, StringComparison.Ordinal);
    }

    private async Task<BenchmarkTask> WriteAndReadAsync()
    {
        string data = _folder.PathOf("colours");
        await ParquetFiles.WriteAsync(Path.Combine(data, "corpus/test-00000-of-00001.parquet"), 4,
            ("corpus-id", (long[])[.. Enumerable.Range(0, Colors.Length).Select(i => (long)i), 99]),
            ("image", (byte[]?[])[.. Colors.Select(Picture), "no picture"u8.ToArray()]));
        await ParquetFiles.WriteAsync(Path.Combine(data, "queries/test-00000-of-00001.parquet"), 10,
            ("query-id", Enumerable.Range(0, Colors.Length).Select(i => (long)i).ToArray()), ("query", Colors.Select(color => color.Word).ToArray()));
        long[] own = [.. Enumerable.Range(0, Colors.Length).Select(i => (long)i)];
        await ParquetFiles.WriteAsync(Path.Combine(data, "qrels/test-00000-of-00001.parquet"), 10,
            ("query-id", own), ("corpus-id", own), ("score", own.Select(_ => 1L).ToArray()));
        return Assert.Single(await BenchmarkSuites.Find("vidore").ReadAsync(new SuiteRequest(data), Cancellation));
    }

    private Task<FinishedRun> RunAsync(BenchmarkTask task, string folder, RunOptions options) =>
        new BenchmarkRunner(options, _folder.PathOf(folder), _log.Add).RunAsync(task, Cancellation);

    private static byte[] Picture((string Word, byte Red, byte Green, byte Blue) color) =>
        SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (color.Red, color.Green, color.Blue)));

    private static async IAsyncEnumerable<CorpusItem> Items(IEnumerable<CorpusItem> items)
    {
        await Task.CompletedTask;
        foreach (CorpusItem item in items)
        {
            yield return item;
        }
    }
}
