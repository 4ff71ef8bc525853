using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Cli;

public sealed class AttributesTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _sources = new();

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
        _sources.Dispose();
    }

    [Fact]
    public void Attributes_SetListFilterRemove()
    {
        _sources.Write("rose.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (255, 20, 10))));
        _sources.Write("sea.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (0, 0, 255))));
        Assert.Equal(0, Mvr("index", _sources.FullName, "--model", _model.Folder, "--set", "quietPeriod=00:00:00").ExitCode);

        JsonElement set = Assert.Single(Mvr("attributes", "set", "colour", "red", "blue", "--json").Json.EnumerateArray());
        Assert.Equal("colour", set.GetProperty("name").GetString());
        Assert.Equal(2, set.GetProperty("counts").GetArrayLength());
        Assert.Contains("attribute.colour", Mvr("attributes").Output, StringComparison.Ordinal);

        JsonElement found = Mvr("search", "white", "--filter", "attribute.colour = red", "--json").Json;
        Assert.Equal("rose.png", Assert.Single(found.GetProperty("hits").EnumerateArray()).GetProperty("key").GetString());

        Assert.Equal(2, Mvr("attributes", "set", "colour", "red", "red").ExitCode);
        Assert.Equal(0, Mvr("attributes", "remove", "colour").ExitCode);
        Assert.Equal(2, Mvr("attributes", "remove", "colour").ExitCode);
    }

    private ToolResult Mvr(params string[] arguments) =>
        Tool.Run([.. arguments, "--data", _data.FullName, "--set", $"modelFolders={_model.Folder}"]);
}
