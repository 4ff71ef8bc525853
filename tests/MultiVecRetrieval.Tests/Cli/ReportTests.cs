using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Libraries.Reports;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>Reports through the command line alone.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly PlantedEncoder _model = ReportSamples.CreateEncoder(copySimilarity: 0.99);
    private readonly SampleLibrary _sample = new();

    public ReportTests()
    {
        _sample.WriteColour("large.png", 255, 0, 128, width: 200);
        _sample.WriteColour("small.png", 255, 0, 128, width: 100);
        File.Copy(_sample.PathOf("small.png"), _sample.PathOf("small again.png"));

        // The corners of the cube of colours, and two between them.
        (byte, byte, byte)[] colours =
        [
            .. Enumerable.Range(0, 8).Select(i => ((byte)(255 * (i & 1)), (byte)(255 * ((i >> 1) & 1)), (byte)(255 * (i >> 2)))),
            (255, 128, 0), (0, 128, 255),
        ];
        for (int i = 0; i < colours.Length; i++)
        {
            string name = PlantedEncoder.Colors[i % PlantedEncoder.Colors.Length].Word;
            (byte red, byte green, byte blue) = colours[i];
            _sample.WriteColour($"{i}.png", red, green, blue);
            File.WriteAllText(_sample.PathOf($"{i}.txt"), $"{name} {i}");
        }

        _sample.Index(request => request with { Models = [_model.Folder] });
    }

    public void Dispose()
    {
        _sample.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Duplicates_TextAndJson_SayWhichToKeepAndWhy()
    {
        string text = Mvr("report", "duplicates").Output;
        JsonElement json = Mvr("report", "duplicates", "--json").Json;
        JsonElement exact = Mvr("report", "duplicates", "--exact-only", "--json").Json;

        Assert.Contains("1 groups among 13 documents", text, StringComparison.Ordinal);
        Assert.Contains("keep large.png  (the largest, 200 x 30; the next has 100 x 30)", text, StringComparison.Ordinal);
        Assert.Equal("large.png", json.GetProperty("near")[0].GetProperty("keep").GetProperty("key").GetString());
        Assert.Equal("resolution", json.GetProperty("near")[0].GetProperty("reason").GetString());
        Assert.Equal(1, json.GetProperty("exactGroupCount").GetInt32());
        Assert.Equal(0, exact.GetProperty("near").GetArrayLength());
    }

    [Fact]
    public void AlignmentAndDrift_TextAndJson_AreThere()
    {
        Assert.Contains("10 captions compared", Mvr("report", "alignment").Output, StringComparison.Ordinal);
        Assert.Equal(3, Mvr("report", "alignment", "--limit", "3", "--json").Json.GetProperty("worst").GetArrayLength());
        Assert.Contains("JPEG 30", Mvr("report", "drift", "--sample", "2").Output, StringComparison.Ordinal);
        Assert.Equal(6, Mvr("report", "drift", "--sample", "2", "--json").Json.GetProperty("measurements").GetArrayLength());
    }

    [Fact]
    public void Report_WrongUsage_ExitsWith2OrWith4()
    {
        Assert.Equal(2, Run("report", "duplicates", "--limit", "0").ExitCode);
        Assert.Equal(2, Run("report", "segments", "0.png", "1.png").ExitCode);
        Assert.Equal(4, Run("report", "segments", "no.mp4", "1.png").ExitCode);
        Assert.Equal(2, Run("report", "alignment", "--filter", "page >").ExitCode);
    }

    private ToolResult Mvr(params string[] arguments)
    {
        ToolResult result = Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    private ToolResult Run(params string[] arguments) =>
        Tool.Run([.. arguments, "--data", _sample.Options.DataFolder, "--collection", SampleLibrary.Collection]);
}
