using System.Text.Json.Nodes;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.SelfTests;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.SelfTests;

public sealed class ModelSelfTestTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Run_SoundModel_PassesAndSaysWhatItIsNoUseFor()
    {
        IReadOnlyList<ModelCheck> checks = Run();

        Assert.Equal(["contract", "tokens", "text", "pixels", "picture", "parity", "use"], checks.Select(check => check.Name));
        Assert.All(checks.Take(5), check => Assert.True(check.State == ModelCheckState.Passed, check.Detail));
        Assert.Equal(ModelCheckState.Noted, checks[5].State);
        Assert.Contains("pages of text: of no use", checks[6].Detail, StringComparison.Ordinal);
        Assert.Contains("32 x 32", checks[6].Detail, StringComparison.Ordinal);
        Assert.Contains("\"a red car\" is 2 10 4 1 3", checks[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RowsPerPatch_IsNotCalledUselessForPages()
    {
        using PlantedEncoder rows = PlantedEncoder.CreateRows();

        IReadOnlyList<ModelCheck> checks = ModelSelfTest.Run(rows.Folder);

        Assert.DoesNotContain(checks, check => check.Name == "use");
    }

    [Fact]
    public void Run_ModelThatTakesVideos_TriesOne()
    {
        using PlantedPictures videos = PlantedPictures.CreateVideos("""{ "model_type": "qwen2_vl" }""");

        ModelCheck check = Assert.Single(ModelSelfTest.Run(videos.Folder), check => check.Name == "video");

        Assert.True(check.State == ModelCheckState.Passed, check.Detail);
    }

    [Fact]
    public void Run_NoGraph_FailsTheContractAlone()
    {
        Directory.Delete(_model.PathOf("onnx"), recursive: true);

        ModelCheck check = Assert.Single(Run());

        Assert.Equal(("contract", ModelCheckState.Failed), (check.Name, check.State));
        Assert.Contains("there is no graph", check.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1f, "does not see its input")]
    [InlineData(0f, "has no direction")]
    [InlineData(float.NaN, "not finite")]
    public void Run_TextGraphThatAlwaysGivesTheSame_FailsTheTextAndNotTheRest(float value, string expected)
    {
        new OnnxWriter().Input("input_ids", OnnxWriter.Int64, "batch", "tokens")
            .Constant("same", [value, value, value, value], 1, 4)
            .Node("Identity", "same", "text_embeds")
            .Output("text_embeds", OnnxWriter.Float, 1, 4)
            .Save(_model.PathOf("onnx/text_model.onnx"));

        IReadOnlyList<ModelCheck> checks = Run();

        ModelCheck failed = Assert.Single(checks, check => check.State == ModelCheckState.Failed);
        Assert.Equal("text", failed.Name);
        Assert.Contains(expected, failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TokenizerThatKnowsNoWord_FailsTheTokens()
    {
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(_model.PathOf("tokenizer.json")))!;
        JsonObject words = tokenizer["model"]!["vocab"]!.AsObject();
        foreach (string word in words.Select(word => word.Key).Where(word => word[0] != '[').ToList())
        {
            words.Remove(word);
        }

        tokenizer["pre_tokenizer"] = null;
        _model.Write("tokenizer.json", tokenizer.ToJsonString());

        IReadOnlyList<ModelCheck> checks = Run();

        Assert.Equal(ModelCheckState.Failed, checks.Single(check => check.Name == "tokens").State);
    }

    [Fact]
    public void Run_PixelsThatNothingScales_AreNoted()
    {
        string file = File.ReadAllText(_model.PathOf("preprocessor_config.json"));
        _model.Write("preprocessor_config.json", file.Replace("\"do_rescale\": true", "\"do_rescale\": false", StringComparison.Ordinal));

        ModelCheck pixels = Run().Single(check => check.Name == "pixels");

        Assert.Equal(ModelCheckState.Noted, pixels.State);
        Assert.Contains("do_rescale", pixels.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ParityOfTheSameModel_Passes()
    {
        WriteParity();

        ModelCheck parity = Run().Single(check => check.Name == "parity");

        Assert.Equal(ModelCheckState.Passed, parity.State);
        Assert.Contains("32 inputs, least cosine 1.000000", parity.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ParityOfOtherPreprocessing_FailsAndNamesTheInput()
    {
        WriteParity();
        string file = File.ReadAllText(_model.PathOf("preprocessor_config.json"));
        _model.Write("preprocessor_config.json", file.Replace("[0.5, 0.5, 0.5], \"image_std\"", "[0.9, 0.1, 0.5], \"image_std\"", StringComparison.Ordinal));

        ModelCheck parity = Run().Single(check => check.Name == "parity");

        Assert.Equal(ModelCheckState.Failed, parity.State);
        Assert.Contains("picture 3", parity.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "version": 2, "items": [] }""", "version is 2")]
    [InlineData("""{ "version": 1, "items": [] }""", "no items")]
    [InlineData("""{ "version": 1, "items": [ { "rows": 1, "dimension": 1, "vectors": "AACAPw==" } ] }""", "either text or picture")]
    [InlineData("""{ "version": 1, "items": [ { "text": "a", "rows": 1, "dimension": 1, "vectors": "AACAPw==" } ] }""", "query or passage")]
    [InlineData("""{ "version": 1, "items": [ { "text": "a", "role": "query", "rows": 2, "dimension": 1, "vectors": "AACAPw==" } ] }""", "no base64 of 2 x 1")]
    [InlineData("""{ "version": 1, "items": [ { "picture": { "width": 1, "height": 2, "seed": 0 }, "rows": 1, "dimension": 1, "vectors": "AACAPw==" } ] }""", "2 to 8192")]
    [InlineData("""{ "version": 1, "items": [ { "text": "red", "role": "query", "rows": 1, "dimension": 1, "vectors": "AACAPw==" } ] }""", "1 x 4 values")]
    [InlineData("""{ "version": 1, "minimumCosine": 0, "items": [ ] }""", "minimumCosine")]
    [InlineData("""{ "version": 1, """, "parity.json")]
    public void Run_ParityFileThatCannotBeUsed_FailsWithTheReason(string file, string expected)
    {
        _model.Write("parity.json", file);

        ModelCheck parity = Run().Single(check => check.Name == "parity");

        Assert.Equal(ModelCheckState.Failed, parity.State);
        Assert.Contains(expected, parity.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Picture_OfTheProbes_FollowsItsFormula()
    {
        RgbImage picture = Probes.Picture(3, 2, seed: 0);

        Assert.Equal([0, 0, 0, 127, 0, 85, 255, 0, 170, 255, 0, 170, 128, 0, 85, 0, 0, 0], picture.Pixels);
    }

    private IReadOnlyList<ModelCheck> Run() => ModelSelfTest.Run(_model.Folder);

    private void WriteParity()
    {
        using EncoderModel encoder = EncoderModel.Load(_model.Folder);
        ModelSelfTest.WriteParity(encoder, _model.PathOf("parity.json"));
    }
}
