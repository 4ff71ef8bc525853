using System.Diagnostics;
using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

/// <summary>A data set of MMEB, run by the vectors of an encoder of known geometry to the files of its scripts.</summary>
public sealed class MmebSuiteTests : IDisposable
{
    private const string NumPyProgram = """
        import pickle, sys
        query, target = (pickle.load(open(path, 'rb')) for path in sys.argv[1:])
        print(query.shape, query.dtype, sorted(target), all(round(float((v * v).sum()), 4) == 1 for v in target.values()))
        print(max(target, key=lambda name: float(query[0] @ target[name])))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_PicturesAskedForTexts_RanksTheRowsOwnCandidatesAndWritesTheOfficialFiles()
    {
        using PlantedEncoder model = PlantedEncoder.CreateSplit();
        WritePicture("image-tasks/VOC2007/red.png", (255, 0, 0));
        WritePicture("image-tasks/VOC2007/blue.png", (0, 0, 255));
        Write("MMEB_Test_Instruct/VOC2007/test.jsonl", """
            {"qry_inst": "<|image_1|>\nName it.\n", "qry_text": "", "qry_img_path": "VOC2007/red.png", "tgt_inst": "", "tgt_text": ["red", "blue", "a photo\nof green"], "tgt_img_path": ["", "", ""]}
            {"qry_inst": "<|image_1|>\nName it.\n", "qry_text": "", "qry_img_path": "VOC2007/blue.png", "tgt_inst": "", "tgt_text": ["yellow", "blue"], "tgt_img_path": ["", ""]}
            """);
        BenchmarkTask task = Assert.Single(await ReadAsync());

        FinishedRun run = await new BenchmarkRunner(new RunOptions { Models = [model.Folder], ByModel = true }, _folder.PathOf("out"), _ => { })
            .RunAsync(task, TestContext.Current.CancellationToken);
        ScoreSheet sheet = RunFiles.Write(run);

        // The second row's answer is not what its picture shows.
        Assert.Equal(("hit@1", 0.5), (sheet.Measures[0].Name, sheet.Measures[0].Mean));
        string[] predictions = File.ReadAllLines(_folder.PathOf("out/mmeb/image/VOC2007_pred.jsonl"));
        Assert.Equal("{\"prediction\":[\"blue\",\"yellow\"],\"label\":[\"yellow\"],\"rel_scores\":null}", predictions[1]);
        Assert.Contains("\"cand_names\":[\"red\",\"blue\",\"a photo\\nof green\"],\"label_name\":[\"red\"]", File.ReadAllLines(
            _folder.PathOf("out/mmeb/image/VOC2007_info.jsonl"))[0], StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(_folder.PathOf("out/mmeb/report.json")));
        JsonElement scores = report.RootElement.GetProperty("metrics").GetProperty("image").GetProperty("VOC2007");
        Assert.Equal((0.5, 2), (scores.GetProperty("hit@1").GetDouble(), scores.GetProperty("num_pred").GetInt32()));
        AssertNumPyReads(_folder.PathOf("out/mmeb/image/VOC2007_qry"), _folder.PathOf("out/mmeb/image/VOC2007_tgt"));
    }

    [Fact]
    public async Task Read_Pages_KeepsGradesAndNoAnswersOfGradeZero()
    {
        Write("visdoc-tasks/ViDoSeek-page/corpus.jsonl", """{"corpus-id": 1, "text": "x"}""");
        Write("visdoc-tasks/ViDoSeek-page/queries.jsonl", """{"query-id": 5, "query": "where"}""");
        Write("visdoc-tasks/ViDoSeek-page/qrels/test.jsonl", """
            {"query-id": 5, "corpus-id": 1, "score": 2}
            {"query-id": 5, "corpus-id": 2, "score": 0}
            """);

        BenchmarkTask task = Assert.Single(await ReadAsync(new SuiteRequest(_folder.FullName) { HasInstructions = true }));

        Assert.Equal(["1"], task.Judgements.Of("5").Keys);
        Assert.Equal("Find a document image that matches the given query: where", task.Queries[0].Text);
        Assert.Equal("ndcg@5", task.Measures[0]);
    }

    // Where NumPy is installed it is what says that the files are its own.
    private static void AssertNumPyReads(string query, string target)
    {
        ProcessStartInfo start = new("python3", ["-c", NumPyProgram, query, target]) { RedirectStandardOutput = true, RedirectStandardError = true };
        string output;
        try
        {
            using Process process = Process.Start(start)!;
            output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)) || process.StandardError.ReadToEnd().Contains("No module named", StringComparison.Ordinal))
            {
                return;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return;
        }

        Assert.Equal("(2, 4) float32 ['a photo\\nof green', 'blue', 'red', 'yellow'] True\nred\n", output);
    }

    private Task<IReadOnlyList<BenchmarkTask>> ReadAsync(SuiteRequest? request = null) =>
        BenchmarkSuites.Find("mmeb").ReadAsync(request ?? new SuiteRequest(_folder.FullName), TestContext.Current.CancellationToken);

    private void WritePicture(string name, (byte, byte, byte) color)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        _folder.Write(name, SampleLibrary.Png(PlantedEncoder.Plain(40, 40, color)));
    }

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        File.WriteAllText(_folder.PathOf(name), content);
    }
}
