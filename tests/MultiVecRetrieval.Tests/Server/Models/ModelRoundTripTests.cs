using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Clients;
using MultiVecRetrieval.Tests.Encoding;
using MultiVecRetrieval.Tests.Encoding.Remote;

namespace MultiVecRetrieval.Tests.Server.Models;

/// <summary>Our own remote encoder, and the clients that other services publish, against our own server.</summary>
public sealed class ModelRoundTripTests(ModelServer server) : IClassFixture<ModelServer>
{
    // The remote encoder brings rows to length 1 once more, which moves a value by a few last bits.
    private const float Tolerance = 1e-6f;

    [Theory]
    [InlineData("openAi", "/v1/embeddings", false)]
    [InlineData("openAi", "/v1/embeddings", true)]
    [InlineData("jina", "/v1/embeddings", false)]
    [InlineData("jina", "/v1/embeddings", true)]
    public void RemoteEncoder_OfOneVector_GivesTheSame(string shape, string path, bool base64) =>
        AssertSame(server.One, shape, path, isMultiVector: false, base64);

    [Theory]
    [InlineData("jina", "/v1/embeddings", false)]
    [InlineData("jina", "/v1/embeddings", true)]
    [InlineData("pooling", "/pooling", false)]
    [InlineData("pooling", "/v1/pooling", true)]
    public void RemoteEncoder_OfSeveralVectors_GivesTheSame(string shape, string path, bool base64) =>
        AssertSame(server.Several, shape, path, isMultiVector: true, base64);

    [Fact]
    public async Task ClientThatGoesAway_StopsTheRestOfItsBatch()
    {
        await using EncoderServer slow = await EncoderServer.StartAsync();
        slow.Delay = TimeSpan.FromMilliseconds(50);
        using ModelFolder folder = slow.CreateFolder("openAi");
        await using RunningServer relay = await RunningServer.StartAsync(modelFolders: [folder.Path]);
        using CancellationTokenSource leaves = new();
        slow.Intercept = async _ =>
        {
            if (slow.Requests.Count == 6)
            {
                await leaves.CancelAsync();
            }

            return false;
        };
        var body = new { model = Path.GetFileName(folder.Path), input = Enumerable.Repeat("red", 400) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => relay.Client.PostAsJsonAsync("/v1/embeddings", body, leaves.Token));

        // What it had begun goes on; then as long again passes without a request.
        int asked;
        do
        {
            asked = slow.Requests.Count;
            await Task.Delay(10 * slow.Delay);
        }
        while (slow.Requests.Count > asked);
        Assert.InRange(asked, 6, 60);
    }

    [Fact]
    public async Task RemoteEncoderThatFails_IsABadGateway()
    {
        await using EncoderServer failing = await EncoderServer.StartAsync();
        failing.Change = answer => answer.Remove("data");
        using ModelFolder folder = failing.CreateFolder("openAi");
        await using RunningServer relay = await RunningServer.StartAsync(modelFolders: [folder.Path]);

        using HttpResponseMessage response = await relay.Client.PostAsJsonAsync(
            "/v1/embeddings", new { model = Path.GetFileName(folder.Path), input = "red" });

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.BadGateway, "encoder_failed", null);
    }

    [Fact]
    public async Task ClientOfOpenAi_GetsVectorsAndErrors()
    {
        await using RunningServer guarded = await server.StartAsync(new ServerOptions { ApiKey = ModelServer.Key });

        JsonElement got = JsonSerializer.Deserialize<JsonElement>(
            await NodeClient.RunTextAsync("openai-embeddings.mjs", guarded.Address, ModelServer.Key, server.One, server.Several));

        using EncoderModel model = server.Load(server.One);
        float[][] vectors = got.GetProperty("vectors").Deserialize<float[][]>()!;
        Assert.Contains(server.One, got.GetProperty("listed").Deserialize<string[]>()!);
        Assert.Equal("local", got.GetProperty("retrieved").GetString());
        Assert.Equal(model.EncodeText("red").Rows.Values.ToArray(), vectors[0]);
        Assert.Equal(model.EncodeText("blue photo").Rows.Values.ToArray(), vectors[1]);
        Assert.Equal(vectors[0], got.GetProperty("numbers").Deserialize<float[]>()!);
        Assert.Equal(7, got.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        JsonElement errors = got.GetProperty("errors");
        Assert.Equal(("NotFoundError", 404, "model_not_found", "model"), Read(errors.GetProperty("unknownModel")));
        Assert.Equal(("NotFoundError", 404, "model_not_found", null), Read(errors.GetProperty("unknownName")));
        Assert.Equal(("AuthenticationError", 401, "invalid_api_key", null), Read(errors.GetProperty("wrongKey")));
        Assert.Equal(("BadRequestError", 400, null, "input[0]"), Read(errors.GetProperty("tokens")));
        Assert.Equal(("BadRequestError", 400, null, "return_multivector"), Read(errors.GetProperty("severalRows")));
        Assert.Equal(("BadRequestError", 400, null, "dimensions"), Read(errors.GetProperty("dimensions")));
    }

    [Fact]
    public async Task ClientOfCohere_GetsTheOrderAndVectors()
    {
        await using RunningServer guarded = await server.StartAsync(new ServerOptions { ApiKey = ModelServer.Key });

        string picture = ModelServer.Png(ModelServer.Picture());

        JsonElement got = JsonSerializer.Deserialize<JsonElement>(await NodeClient.RunTextAsync(
            "cohere.mjs", guarded.Address, ModelServer.Key, server.One, "data:image/png;base64," + picture));
        JsonElement expected = await server.PostAsync(
            "/v1/embeddings", new { model = server.One, input = new object[] { "red", "blue photo", new { image = picture } } });

        float[][] vectors =
            [.. expected.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").Deserialize<float[]>()!)];
        Assert.Equal(vectors[..2], got.GetProperty("vectors").Deserialize<float[][]>());
        Assert.Equal(
            vectors[..2].Select(vector => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))),
            got.GetProperty("base64").Deserialize<string[]>());
        Assert.Equal(vectors[2..], got.GetProperty("picture").Deserialize<float[][]>());
        Assert.Equal(["red", "blue photo"], got.GetProperty("texts").Deserialize<string[]>()!);
        Assert.Equal("BadRequestError", got.GetProperty("wrongType").GetString());
        Assert.Equal(1, got.GetProperty("indices")[0].GetInt32());
        Assert.Equal(2, got.GetProperty("indices").GetArrayLength());
        Assert.Equal(1, got.GetProperty("scores")[0].GetDouble(), tolerance: 1e-6);
        Assert.Equal(12, got.GetProperty("tokens").GetInt32());
        Assert.Equal("NotFoundError", got.GetProperty("unknownModel").GetString());
        Assert.Equal("UnauthorizedError", got.GetProperty("wrongKey").GetString());
    }

    [Fact]
    public async Task ClientOfVoyage_GetsVectorsOfTextsAndPictures()
    {
        await using RunningServer guarded = await server.StartAsync(new ServerOptions { ApiKey = ModelServer.Key });
        RgbImage picture = ModelServer.Picture();

        JsonElement got = JsonSerializer.Deserialize<JsonElement>(await NodeClient.RunTextAsync(
            "voyage-embeddings.mjs", guarded.Address, ModelServer.Key, server.One, "data:image/png;base64," + ModelServer.Png(picture)));

        using EncoderModel model = server.Load(server.One);
        float[][] texts = got.GetProperty("texts").Deserialize<float[][]>()!;
        Assert.Equal(model.EncodeText("red").Rows.Values.ToArray(), texts[0]);
        Assert.Equal(model.EncodeText("blue photo").Rows.Values.ToArray(), texts[1]);
        Assert.Equal(model.EncodeImage(picture).Values.ToArray(), got.GetProperty("picture").Deserialize<float[]>()!);
    }

    private void AssertSame(string name, string shape, string path, bool isMultiVector, bool base64)
    {
        using ModelFolder folder = new();
        folder.Write("remote.json", $$"""
            {
              "endpoint": "{{server.Address}}{{path}}", "shape": "{{shape}}", "model": "{{name}}", "dimension": 4, "images": true,
              "multiVector": {{(isMultiVector ? "true" : "false")}}, "base64": {{(base64 ? "true" : "false")}}
            }
            """);
        using EncoderModel remote = EncoderModel.Load(folder.Path);
        using EncoderModel local = server.Load(name);
        RgbImage picture = ModelServer.Picture();

        AssertRows(local.EncodeText("a red and blue photo").Rows, remote.EncodeText("a red and blue photo").Rows);
        AssertRows(local.EncodeImage(picture), remote.EncodeImage(picture));
    }

    private static void AssertRows(MultiVector expected, MultiVector actual)
    {
        Assert.Equal(expected.RowCount, actual.RowCount);
        Assert.All(expected.Values.ToArray().Zip(actual.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private static (string? Name, int Status, string? Code, string? Param) Read(JsonElement error) => (
        error.GetProperty("name").GetString(), error.GetProperty("status").GetInt32(), error.GetProperty("code").GetString(),
        error.GetProperty("param").GetString());
}
