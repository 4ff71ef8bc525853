using System.Text.Json;
using System.Text.Json.Nodes;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Encoding.SelfTests;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.Remote;

public sealed class RemoteEncoderTests : IAsyncLifetime
{
    private EncoderServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncoderServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("openAi", "\"images\": true")]
    [InlineData("openAi", "\"images\": true, \"base64\": true")]
    [InlineData("jina", "\"images\": true")]
    [InlineData("jina", "\"images\": true, \"base64\": true")]
    public void Encode_OneVectorEach_IsTheUnitVectorOfTheInput(string shape, string more)
    {
        using ModelFolder folder = _server.CreateFolder(shape, more);
        using EncoderModel model = EncoderModel.Load(folder.Path);
        RgbImage picture = PlantedEncoder.Plain(20, 10, (200, 40, 10));

        EncodedText text = model.EncodeText("a red and blue photo");
        MultiVector image = model.EncodeImage(picture);

        AssertRows([EncoderServer.OfText("red blue")], text.Rows);
        AssertRows([EncoderServer.OfPicture(picture, 0, 0, 20, 10)], image);
        Assert.Equal([Place.Whole], image.Places);
    }

    [Theory]
    [InlineData("pooling", "")]
    [InlineData("pooling", "\"base64\": true,")]
    [InlineData("jina", "\"multiVector\": true,")]
    [InlineData("jina", "\"multiVector\": true, \"base64\": true,")]
    public void Encode_SeveralVectors_HasThePlacesOfTheGrid(string shape, string more)
    {
        using ModelFolder folder = _server.CreateFolder(shape, more + " \"images\": true, \"imageGrid\": { \"rows\": 2, \"columns\": 2 }");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        RgbImage picture = Quarters();

        EncodedText text = model.EncodeText("red blue");
        MultiVector image = model.EncodeImage(picture);

        AssertRows([EncoderServer.OfText("red"), EncoderServer.OfText("blue")], text.Rows);
        AssertRows([.. Enumerable.Range(0, 4).Select(i => EncoderServer.OfPicture(picture, i % 2 * 8, i / 2 * 8, 8, 8))], image);
        Assert.Equal(
            [new Place(0, 0, .5f, .5f), new Place(.5f, 0, 1, .5f), new Place(0, .5f, .5f, 1), new Place(.5f, .5f, 1, 1)], image.Places);
        Assert.True(model.Contract.IsMultiVector);
    }

    [Fact]
    public void Encode_SeveralVectorsWithoutAGrid_IsTheWholePictureEach()
    {
        using ModelFolder folder = _server.CreateFolder("pooling");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        MultiVector image = model.EncodeImage(Quarters());

        Assert.All(image.Places.ToArray(), place => Assert.Equal(Place.Whole, place));
        Assert.Contains(model.Contract.Details, detail => detail.Key == "boxes of rows" && detail.Value.StartsWith("none", StringComparison.Ordinal));
    }

    [Fact]
    public void Encode_FewerRowsThanTheGrid_IsAnError()
    {
        using ModelFolder folder = _server.CreateFolder("pooling", "\"images\": true, \"imageGrid\": { \"rows\": 3, \"columns\": 2 }");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeImage(Quarters()));

        Assert.Contains("imageGrid of remote.json needs 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_OpenAi_HasItsFields()
    {
        using ModelFolder folder = _server.CreateFolder(
            "openAi", "\"images\": true, \"queryPrompt\": \"find: {}\", \"imagePrompt\": \"describe\", \"asksForDimension\": true");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        model.EncodeText("red");
        model.EncodeImage(Quarters());

        JsonElement[] bodies = [.. _server.Requests.Select(request => request.Body)];
        Assert.Equal(
            """{"model":"planted","input":["find: red"],"encoding_format":"float","dimensions":4}""", bodies[0].GetRawText());
        Assert.Equal(["model", "messages", "encoding_format", "dimensions"], bodies[1].EnumerateObject().Select(member => member.Name));
        JsonElement content = bodies[1].GetProperty("messages")[0].GetProperty("content");
        Assert.Equal("user", bodies[1].GetProperty("messages")[0].GetProperty("role").GetString());
        Assert.Equal("image_url", content[0].GetProperty("type").GetString());
        Assert.Equal("""{"type":"text","text":"describe"}""", content[1].GetRawText());
    }

    [Fact]
    public void Request_Jina_HasItsFields()
    {
        using ModelFolder folder = _server.CreateFolder(
            "jina", "\"images\": true, \"multiVector\": true, \"queryTask\": \"retrieval.query\", \"imageTask\": \"retrieval.passage\"");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        model.EncodeText("red");
        model.EncodeImage(Quarters());

        JsonElement[] bodies = [.. _server.Requests.Select(request => request.Body)];
        Assert.Equal(
            """{"model":"planted","input":[{"text":"red"}],"embedding_type":"float","normalized":true,"return_multivector":true,"task":"retrieval.query"}""",
            bodies[0].GetRawText());
        Assert.Equal("retrieval.passage", bodies[1].GetProperty("task").GetString());
        Assert.StartsWith("iVBORw0KGgo", bodies[1].GetProperty("input")[0].GetProperty("image").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Request_Pooling_NamesItsTask()
    {
        using ModelFolder folder = _server.CreateFolder("pooling", "\"texts\": true");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        model.EncodePassage("red");

        Assert.Equal(
            """{"model":"planted","input":["red"],"encoding_format":"float","task":"token_embed"}""",
            Assert.Single(_server.Requests).Body.GetRawText());
    }

    [Fact]
    public void Request_WithAKey_SendsWhatTheVariableHolds()
    {
        const string Variable = "MVR_TEST_REMOTE_KEY";
        using ModelFolder folder = _server.CreateFolder("openAi", $"\"keyVariable\": \"{Variable}\"");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        RemoteEncoderException missing = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));
        Environment.SetEnvironmentVariable(Variable, "secret");

        model.EncodeText("red");

        Environment.SetEnvironmentVariable(Variable, null);
        Assert.Contains(Variable, missing.Message, StringComparison.Ordinal);
        Assert.Equal("Bearer secret", Assert.Single(_server.Requests).Authorization);
    }

    [Fact]
    public void Encode_MoreThanABatch_AsksInBatchesAndKeepsTheOrder()
    {
        using ModelFolder folder = _server.CreateFolder("jina", "\"images\": true, \"maxBatch\": 2");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        RgbImage[] pictures = [.. PlantedEncoder.Colors.Take(5)
            .Select(color => PlantedEncoder.Plain(4, 4, (color.Red, color.Green, color.Blue)))];

        IReadOnlyList<MultiVector> rows = model.Encode([.. pictures.Select(picture => model.Prepare(picture))]);

        Assert.All(pictures.Zip(rows), pair => AssertRows([EncoderServer.OfPicture(pair.First, 0, 0, 4, 4)], pair.Second));
        Assert.Equal([1, 2, 2], _server.Requests.Select(request => request.Body.GetProperty("input").GetArrayLength()).Order());
    }

    [Fact]
    public void Encode_ManyBatches_RunSideBySideWithinTheLimit()
    {
        using ModelFolder folder = _server.CreateFolder("openAi", "\"images\": true, \"maxConcurrency\": 3");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Delay = TimeSpan.FromMilliseconds(100);
        PreparedImage picture = model.Prepare(Quarters());

        model.Encode([.. Enumerable.Repeat(picture, 9)]);

        Assert.Equal(3, _server.MostAtATime);
    }

    [Fact]
    public void Prepare_LargePicture_IsBroughtToTheSideThatIsDeclared()
    {
        using ModelFolder folder = _server.CreateFolder("openAi", "\"images\": true, \"maxImageSide\": 64");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        PreparedRemoteImage prepared = (PreparedRemoteImage)model.Prepare(PlantedEncoder.Plain(640, 203, (1, 2, 3)));

        byte[] png = Convert.FromBase64String(prepared.Png);
        Assert.Equal((64, 20), ((png[18] << 8) + png[19], (png[22] << 8) + png[23]));
    }

    [Fact]
    public void SpaceId_EndpointMoves_StaysAndChangesWithTheModel()
    {
        const string Usual = "\"images\": true";
        SpaceId Of(string more, string endpoint = "http://a.example/v1")
        {
            using ModelFolder folder = new();
            folder.Write("remote.json", $$"""
                { "endpoint": "{{endpoint}}", "shape": "jina", "model": "planted", "dimension": 4, {{more}} }
                """);
            return EncoderModel.Inspect(folder.Path).SpaceId;
        }

        SpaceId usual = Of(Usual);

        Assert.Equal(usual, Of(Usual, "https://b.example:8080/other"));
        Assert.Equal(usual, Of(Usual + ", \"timeoutSeconds\": 5, \"maxBatch\": 3, \"base64\": true, \"keyVariable\": \"A_KEY\""));
        string[] others =
        [
            "\"images\": false", Usual + ", \"revision\": \"2\"", Usual + ", \"multiVector\": true", Usual + ", \"queryPrompt\": \"q {}\"",
            Usual + ", \"queryTask\": \"q\"", Usual + ", \"imageTask\": \"p\"", Usual + ", \"maxImageSide\": 512",
            Usual + ", \"asksForDimension\": true", Usual + ", \"texts\": false",
        ];
        Assert.Equal(others.Length + 1, others.Select(other => Of(other)).Append(usual).Distinct().Count());
    }

    [Fact]
    public void Encode_ShortenedVectors_AreTheLeadingValuesAtUnitLength()
    {
        using ModelFolder folder = _server.CreateFolder("openAi").Write("encoder.json", """{ "matryoshkaDimension": 2 }""");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        AssertRows([EncoderServer.OfText("red")[..2]], model.EncodeText("red").Rows);
        Assert.Equal(2, model.Contract.Dimension);
    }

    [Fact]
    public void CountTokens_WithoutATokenizer_CountsBytes()
    {
        using ModelFolder folder = _server.CreateFolder("openAi", "\"texts\": true");
        using EncoderModel model = EncoderModel.Load(folder.Path);

        Assert.Equal([0, 1, 1, 2], ((string[])["", "a", "four", "fünf"]).Select(model.CountTokens));
        Assert.True(model.Contract.EncodesPassages);
        Assert.Throws<NotSupportedException>(() => model.Tokenize("a"));
    }

    [Fact]
    public void SelfTest_RemoteModel_PassesWithTheTokensNoted()
    {
        using ModelFolder folder = _server.CreateFolder("openAi");

        IReadOnlyList<ModelCheck> checks = ModelSelfTest.Run(folder.Path);

        Assert.DoesNotContain(checks, check => check.State == ModelCheckState.Failed);
        Assert.Equal(ModelCheckState.Noted, checks.Single(check => check.Name == "tokens").State);
        Assert.Equal(ModelCheckState.Passed, checks.Single(check => check.Name == "picture").State);
    }

    [Theory]
    [InlineData("\"endpoint\": \"ftp://a\"", "no http or https address")]
    [InlineData("\"endpoint\": \"http://me:secret@a\"", "keyVariable")]
    [InlineData("\"dimension\": 0", "dimension is 0; it is 1 to 65536")]
    [InlineData("\"maxBatch\": 0", "maxBatch")]
    [InlineData("\"maxImageSide\": 9000", "maxImageSide is 9000; it is 16 to 8192")]
    [InlineData("\"timeoutSeconds\": 0", "timeoutSeconds")]
    [InlineData("\"texts\": false", "neither images nor texts")]
    [InlineData("\"multiVector\": true", "openAi gives one vector each")]
    [InlineData("\"queryTask\": \"q\"", "tasks belong to the shape jina")]
    [InlineData("\"queryPrompt\": \"q\"", "has no {}")]
    [InlineData("\"imageGrid\": { \"rows\": 2, \"columns\": 2 }", "imageGrid")]
    [InlineData("\"keyVariable\": \"sk-1234\"", "never the key itself")]
    [InlineData("\"shape\": \"cohere\"", "remote.json")]
    [InlineData("\"unknown\": 1", "unknown")]
    public void Load_DescriptionThatCannotBeUsed_SaysWhy(string member, string expected)
    {
        using ModelFolder folder = new();
        JsonObject description = JsonNode.Parse(
            """{ "endpoint": "http://a", "shape": "openAi", "model": "m", "dimension": 4 }""")!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse($"{{{member}}}")!.AsObject())
        {
            description[key] = value?.DeepClone();
        }

        folder.Write("remote.json", description.ToJsonString());

        ModelFormatException error = Assert.Throws<ModelFormatException>(() => EncoderModel.Load(folder.Path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GraphsBesideRemoteJson_IsRefused()
    {
        using ModelFolder folder = _server.CreateFolder("openAi").Write("model.onnx", "");

        Assert.Contains(
            "either a model here or one elsewhere",
            Assert.Throws<ModelFormatException>(() => EncoderModel.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    // Sixteen pixels square, a colour in each quarter.
    internal static RgbImage Quarters()
    {
        byte[] pixels = new byte[16 * 16 * 3];
        for (int i = 0; i < 256; i++)
        {
            (string _, byte red, byte green, byte blue) = PlantedEncoder.Colors[(i % 16 / 8) + (i / 128 * 2)];
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = (red, green, blue);
        }

        return new RgbImage(16, 16, pixels);
    }

    private static void AssertRows(float[][] expected, MultiVector actual)
    {
        Assert.Equal(expected.Length, actual.RowCount);
        for (int row = 0; row < expected.Length; row++)
        {
            double length = Math.Sqrt(expected[row].Sum(value => (double)value * value));

            // A few roundings of 2^-24 each on values of at most 1.
            Assert.All(
                expected[row].Zip(actual.Row(row).ToArray()), pair => Assert.Equal(pair.First / length, pair.Second, tolerance: 1e-6));
        }
    }
}
