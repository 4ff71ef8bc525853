using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Cli;

public sealed class ModelsReplaceTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _sources = new();

    public ModelsReplaceTests()
    {
        _sources.Write("red.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (255, 0, 0))));
        _sources.Write("blue.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (0, 0, 255))));
    }

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
        _sources.Dispose();
    }

    [Fact]
    public void Replace_RestoreAndRemove_SayWhatIsAskedNow()
    {
        Assert.Equal(0, Mvr("index", _sources.FullName, "--model", "words-only", "--set", "quietPeriod=00:00:00").ExitCode);

        ToolResult replaced = Mvr("models", "replace", "page-words", _model.Folder, "--allow-missing", "--set", "quietPeriod=00:00:00");
        JsonElement[] spaces = Spaces();
        string added = spaces.Single(space => State(space) == "live").GetProperty("name").GetString()!;

        Assert.True(replaced.ExitCode == 0, replaced.Error);
        Assert.Contains($"{added} is asked now; page-words is kept", Flat(replaced.Error), StringComparison.Ordinal);
        Assert.Equal("red.png", Mvr("search", "red", "--using", "vectors", "--json").Json.GetProperty("hits")[0].GetProperty("key").GetString());

        ToolResult restored = Mvr("models", "restore", "page-words");
        Assert.Contains("page-words is asked again", Flat(restored.Error), StringComparison.Ordinal);
        Assert.Equal("kept", State(Spaces().Single(space => space.GetProperty("name").GetString() == added)));

        Assert.Equal(2, Mvr("models", "remove", added).ExitCode);
        Assert.Equal(0, Mvr("models", "remove", added, "--yes").ExitCode);
        Assert.Equal("page-words", Assert.Single(Spaces()).GetProperty("name").GetString());
        Assert.Contains("cannot be taken back: it is asked already", Flat(Mvr("models", "restore", "page-words").Error), StringComparison.Ordinal);
    }

    private JsonElement[] Spaces() => [.. Mvr("status", "--json").Json.GetProperty("spaces").EnumerateArray()];

    private static string State(JsonElement space) => space.GetProperty("state").GetString()!.ToLowerInvariant();

    private ToolResult Mvr(params string[] arguments) => Tool.Run([.. arguments, "--data", _data.FullName, "--set", $"modelFolders={_model.Folder}"]);

    // Lines are broken where the terminal ends.
    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
