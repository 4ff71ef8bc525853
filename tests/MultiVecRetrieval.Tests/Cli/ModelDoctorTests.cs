using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Cli;

public sealed class ModelDoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Doctor_SoundModelWithItsParity_SaysWhatItSawAndExitsWith0()
    {
        ToolResult written = Doctor("--write-parity", _model.PathOf("parity.json"));

        ToolResult result = Doctor();

        Assert.Equal(0, written.ExitCode);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ok     parity: 32 inputs", result.Output, StringComparison.Ordinal);
        Assert.Contains("note   use: pages of text: of no use", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_BrokenModel_NamesTheCheckAndExitsWith1()
    {
        File.WriteAllText(_model.PathOf("onnx/text_model.onnx"), "no graph");

        ToolResult result = Doctor();
        ToolResult json = Doctor("--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("failed contract: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("text_model.onnx", result.Output, StringComparison.Ordinal);
        Assert.False(json.Json.GetProperty("works").GetBoolean());
        Assert.Equal("failed", json.Json.GetProperty("checks")[0].GetProperty("state").GetString());
    }

    [Fact]
    public void Doctor_AgainstAnother_AcceptsOrRefuses()
    {
        using PlantedEncoder other = PlantedEncoder.CreateSplit();
        string file = File.ReadAllText(other.PathOf("preprocessor_config.json"));
        other.Write("preprocessor_config.json", file.Replace("[0.5, 0.5, 0.5], \"image_std\"", "[0.9, 0.1, 0.5], \"image_std\"", StringComparison.Ordinal));
        File.WriteAllText(_folder.PathOf("lines.txt"), "red\n\nblue\n");

        ToolResult same = Doctor("--against", _model.Folder);
        ToolResult drifted = Doctor("--against", other.Folder, "--json");
        ToolResult texts = Doctor("--against", other.Folder, "--inputs", _folder);

        Assert.Equal((0, 1, 0), (same.ExitCode, drifted.ExitCode, texts.ExitCode));
        Assert.Contains("accepted", same.Output, StringComparison.Ordinal);
        JsonElement sides = drifted.Json.GetProperty("sides");
        Assert.Equal("picture", sides[1].GetProperty("name").GetString());
        Assert.Contains("text: 2 inputs", texts.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_ModelThatIsNotThere_IsNotFound() =>
        Assert.Equal(4, Tool.Run("doctor", "--data", _folder.PathOf("indexes"), "--model", "nothing").ExitCode);

    private ToolResult Doctor(params string[] more) =>
        Tool.Run(["doctor", "--data", _folder.PathOf("indexes"), "--model", _model.Folder, .. more]);
}
