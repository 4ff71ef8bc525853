using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Cli;

public sealed class CopiesTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _sources = new();
    private readonly TemporaryFolder _store = new();

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
        _sources.Dispose();
        _store.Dispose();
    }

    [Fact]
    public void PushListPullCheckKeep()
    {
        _sources.Write("rose.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (255, 20, 10))));
        Assert.Equal(0, Mvr("index", _sources.FullName, "--model", _model.Folder, "--set", "quietPeriod=00:00:00").ExitCode);

        JsonElement pushed = Mvr("push", _store.FullName, "--json").Json;
        string id = pushed.GetProperty("copy").GetProperty("id").GetString()!;
        Assert.Contains(id, Mvr("copies", _store.FullName).Output, StringComparison.Ordinal);
        Assert.Equal(0, Mvr("pull", _store.FullName, "--as", "second", "--copy", id).ExitCode);
        Assert.Equal(
            "rose.png",
            Mvr("search", "red", "--json", "-c", "second").Json.GetProperty("hits")[0].GetProperty("key").GetString());
        Assert.Equal(0, Mvr("copies", _store.FullName, "--check", "--read").ExitCode);
        Assert.Equal(2, Mvr("copies", _store.FullName, "--keep", "1").ExitCode);
        Assert.Equal(0, Mvr("copies", _store.FullName, "--keep", "1", "-c", "default").ExitCode);

        Assert.Equal(4, Mvr("pull", _store.FullName, "--as", "third", "--copy", "none").ExitCode);
        Assert.Equal(2, Mvr("pull", _store.FullName).ExitCode);
        foreach (string block in Directory.EnumerateFiles(Path.Combine(_store, "blocks"), "*", SearchOption.AllDirectories).Take(1))
        {
            File.WriteAllBytes(block, [1]);
        }

        Assert.Equal(1, Mvr("copies", _store.FullName, "--check").ExitCode);
    }

    private ToolResult Mvr(params string[] arguments) =>
        Tool.Run([.. arguments, "--data", _data.FullName, "--set", $"modelFolders={_model.Folder}"]);
}
