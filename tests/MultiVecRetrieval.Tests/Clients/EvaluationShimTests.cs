using System.Diagnostics;
using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Server;

namespace MultiVecRetrieval.Tests.Clients;

/// <summary>The Python files with which the scripts of mteb, ViDoRe and MMEB call a server, by a program that calls them as those
/// do.</summary>
public sealed class EvaluationShimTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Shims_CalledAsTheOfficialScriptsDo_GiveVectorsAndRankings()
    {
        PlantedEncoder.CreateSplit().MoveTo(_models.PathOf("planted"));
        PlantedEncoder.CreateRows().MoveTo(_models.PathOf("planted-rows"));
        Dictionary<string, byte[]> pictures = PlantedEncoder.Colors.ToDictionary(
            color => color.Word, color => SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (color.Red, color.Green, color.Blue))));
        string red = _models.Write("red.png", pictures["red"]);
        await using RunningServer server = await RunningServer.StartAsync(modelFolders: [_models]);

        JsonElement answers = await RunAsync(
            Path.Combine(RepositoryRoot.Folder, "eval"), server.Address, "planted", "planted-rows", JsonSerializer.Serialize(pictures), red);

        JsonElement search = answers.GetProperty("search");
        Assert.Equal("mvr/search", search.GetProperty("name").GetString());
        Assert.Equal(["q1", "q2"], search.GetProperty("found").EnumerateObject().Select(query => query.Name));
        Assert.Equal(("page red", 2), Best(search.GetProperty("found").GetProperty("q1")));
        Assert.Equal(("page blue", 2), Best(search.GetProperty("found").GetProperty("q2")));
        Assert.Equal(("page yellow", 2), Best(search.GetProperty("reranked").GetProperty("q1")));
        // Rows are the texts red and blue, columns the pictures in the order of the colours.
        int[] nearest = [.. answers.GetProperty("encode").EnumerateArray().Select(IndexOfLargest)];
        Assert.Equal(["red", "blue"], nearest.Select(i => PlantedEncoder.Colors[i].Word));
        JsonElement vidore = answers.GetProperty("vidore");
        Assert.Equal("green", PlantedEncoder.Colors[IndexOfLargest(vidore.GetProperty("scores")[1])].Word);
        Assert.True(vidore.GetProperty("rows")[0].GetInt32() > 1);
        JsonElement dots = answers.GetProperty("mmeb").GetProperty("dots");
        Assert.True(dots.GetProperty("red").GetDouble() > dots.GetProperty("blue").GetDouble());
        Assert.Equal("red", answers.GetProperty("mmeb").GetProperty("infos")[0].GetProperty("label_name").GetString());
    }

    private static (string, int) Best(JsonElement scores) =>
        (scores.EnumerateObject().MaxBy(pair => pair.Value.GetDouble()).Name, scores.EnumerateObject().Count());

    private static int IndexOfLargest(JsonElement row)
    {
        double[] values = [.. row.EnumerateArray().Select(value => value.GetDouble())];
        return Array.IndexOf(values, values.Max());
    }

    private static async Task<JsonElement> RunAsync(params string[] arguments)
    {
        string script = Path.Combine(RepositoryRoot.Folder, "tests", "clients", "python", "evaluation_shims.py");
        // Without -B the interpreter would leave compiled files beside the sources.
        ProcessStartInfo start = new("python3", ["-B", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Assert.Skip($"python3 cannot be started: {missing.Message}");
        }

        using Process process = started!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Timeout);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.True(process.ExitCode == 0, await error);
        return JsonSerializer.Deserialize<JsonElement>(await output);
    }
}
