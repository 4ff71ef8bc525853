using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Server.Models;

public sealed class ScoreRoutesTests(ModelServer server) : IClassFixture<ModelServer>
{
    private static readonly string[] Documents = ["blue", "red and green", "red", "black"];

    [Theory]
    [InlineData("/pooling")]
    [InlineData("/v1/pooling")]
    public async Task Pooling_GivesTheRows(string path)
    {
        JsonElement numbers = await server.PostAsync(path, new { model = server.Several, input = "red blue", task = "token_embed" });
        JsonElement base64 = await server.PostAsync(
            path, new { model = server.Several, input = new[] { "red blue" }, encoding_format = "base64", truncate_prompt_tokens = -1 });

        using EncoderModel model = server.Load(server.Several);
        EncodedText expected = model.EncodeText("red blue");
        JsonElement entry = numbers.GetProperty("data")[0];
        Assert.Equal("pooling", entry.GetProperty("object").GetString());
        Assert.Equal(expected.Rows.RowCount, entry.GetProperty("data").GetArrayLength());
        Assert.Equal(
            expected.Rows.Values.ToArray(), entry.GetProperty("data").EnumerateArray().SelectMany(row => row.Deserialize<float[]>()!));
        Assert.Equal(expected.TokenCount, numbers.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        byte[] bytes = base64.GetProperty("data")[0].GetProperty("data").GetBytesFromBase64();
        Assert.Equal(
            expected.Rows.Values.ToArray(), Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4)));
    }

    [Fact]
    public async Task Pooling_ByTask_IsOneVectorOrRows()
    {
        JsonElement one = await server.PostAsync("/pooling", new { model = server.One, input = "red", task = "embed" });
        JsonElement rows = await server.PostAsync("/pooling", new { model = server.One, input = "red" });
        using HttpResponseMessage tokens = await server.Client.PostAsJsonAsync(
            "/pooling", new { model = server.One, input = "red", task = "token_embed" });
        using HttpResponseMessage several = await server.Client.PostAsJsonAsync(
            "/pooling", new { model = server.Several, input = "red", task = "embed" });

        Assert.Equal(JsonValueKind.Number, one.GetProperty("data")[0].GetProperty("data")[0].ValueKind);
        Assert.Equal(1, rows.GetProperty("data")[0].GetProperty("data").GetArrayLength());
        await OpenAiProblems.AssertAsync(tokens, HttpStatusCode.BadRequest, null, "task");
        await OpenAiProblems.AssertAsync(several, HttpStatusCode.BadRequest, null, "task");
    }

    [Theory]
    [InlineData("/score", "text_1", "text_2")]
    [InlineData("/v1/score", "queries", "documents")]
    [InlineData("/score", "data_1", "data_2")]
    public async Task Score_OfOneVectorEach_IsTheCosine(string path, string queries, string documents)
    {
        JsonElement answer = await server.PostAsync(
            path, new Dictionary<string, object> { ["model"] = server.One, [queries] = "red", [documents] = Documents });

        using EncoderModel model = server.Load(server.One);
        MultiVector query = model.EncodeText("red").Rows;
        AssertScores(Documents.Select(text => MaxSim.Score(query.View, model.EncodeText(text).Rows.View)), answer);
        Assert.Equal(1, answer.GetProperty("data")[2].GetProperty("score").GetDouble(), tolerance: 1e-6);
    }

    [Fact]
    public async Task Score_PairByPair_OfSeveralRows_IsMaxSim()
    {
        RgbImage picture = ModelServer.Picture();
        object[] documents = ["red", new { content = new object[] { new { type = "image_base64", image_base64 = ModelServer.Png(picture) } } }];

        JsonElement answer = await server.PostAsync(
            "/score", new { model = server.Several, text_1 = new[] { "red blue", "green" }, text_2 = documents });

        using EncoderModel model = server.Load(server.Several);
        AssertScores(
            [
                MaxSim.Score(model.EncodeText("red blue").Rows.View, model.EncodeText("red").Rows.View),
                MaxSim.Score(model.EncodeText("green").Rows.View, model.EncodeImage(picture).View),
            ],
            answer);
    }

    [Fact]
    public async Task Score_OfOtherCounts_IsRefused()
    {
        using HttpResponseMessage response = await server.Client.PostAsJsonAsync(
            "/score", new { model = server.One, text_1 = new[] { "red", "blue" }, text_2 = new[] { "red", "blue", "green" } });

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.BadRequest, null, "queries");
    }

    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/v2/rerank")]
    [InlineData("/rerank")]
    public async Task Rerank_OrdersByTheScore(string path)
    {
        JsonElement answer = await server.PostAsync(
            path, new { model = server.One, query = "red", documents = Documents, top_n = 3, return_documents = true, max_tokens_per_doc = 9 });

        using EncoderModel model = server.Load(server.One);
        MultiVector query = model.EncodeText("red").Rows;
        (int Index, double Score)[] expected = [.. Documents
            .Select((text, index) => (index, Score: (double)MaxSim.Score(query.View, model.EncodeText(text).Rows.View)))
            .OrderByDescending(document => document.Score).Take(3)];
        JsonElement[] results = [.. answer.GetProperty("results").EnumerateArray()];
        Assert.Equal(2, expected[0].Index);
        Assert.Equal(expected.Select(document => document.Index), results.Select(result => result.GetProperty("index").GetInt32()));
        Assert.All(results.Zip(expected), pair => Assert.Equal(
            (1 + pair.Second.Score) / 2, pair.First.GetProperty("relevance_score").GetDouble(), tolerance: 1e-6));
        Assert.Equal("red", results[0].GetProperty("document").GetProperty("text").GetString());
        Assert.Equal(
            answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(),
            answer.GetProperty("meta").GetProperty("tokens").GetProperty("input_tokens").GetInt32());
        Assert.StartsWith("rerank-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rerank_StoredEntries_AreRankedByTheirRows()
    {
        string folder = Path.Combine(server.DataFolder, "..", $"mvr-media-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "red.png"), PngWriter.Write(PlantedEncoder.Plain(40, 40, (250, 10, 10))));
            File.WriteAllBytes(Path.Combine(folder, "blue.png"), PngWriter.Write(PlantedEncoder.Plain(40, 40, (10, 10, 250))));
            await server.Library.IndexAsync(new IndexRequest { Collection = "colors", Paths = [folder], Models = [server.One] });
            string[] keys = [.. server.Library.GetCollection("colors").Entries.List(limit: 10).Select(entry => entry.Key).Order()];
            object[] documents = [.. keys.Select(key => (object)new { id = key, collection = "colors" }), "green"];

            JsonElement answer = await server.PostAsync("/v1/rerank", new { model = server.One, query = "red", documents, return_documents = true });
            using HttpResponseMessage otherModel = await server.Client.PostAsJsonAsync(
                "/v1/rerank", new { model = server.Several, query = "red", documents });
            using HttpResponseMessage otherKey = await server.Client.PostAsJsonAsync(
                "/v1/rerank", new { model = server.One, query = "red", documents = new object[] { new { id = "x", collection = "colors" } } });

            Assert.Equal(["blue.png", "red.png"], keys.Select(Path.GetFileName));
            JsonElement best = answer.GetProperty("results")[0];
            Assert.Equal(1, best.GetProperty("index").GetInt32());
            Assert.Equal(keys[1], best.GetProperty("document").GetProperty("id").GetString());
            await OpenAiProblems.AssertAsync(otherModel, HttpStatusCode.BadRequest, null, "documents[0]");
            await OpenAiProblems.AssertAsync(otherKey, HttpStatusCode.NotFound, "unknown_entry", "key");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("""{ "documents": ["a"] }""", "query")]
    [InlineData("""{ "query": "red" }""", "documents")]
    [InlineData("""{ "query": "red", "documents": "red" }""", "documents")]
    [InlineData("""{ "query": "red", "documents": [] }""", "documents")]
    [InlineData("""{ "query": ["red"], "documents": ["red"] }""", "query")]
    [InlineData("""{ "query": "red", "documents": ["red"], "top_n": -1 }""", "top_n")]
    [InlineData("""{ "query": "red", "documents": ["red"], "rank_fields": ["a"] }""", "rank_fields")]
    public async Task Rerank_WrongRequest_IsRefusedByName(string body, string param)
    {
        Dictionary<string, JsonElement> request = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body)!;
        request["model"] = JsonSerializer.SerializeToElement(server.One);

        using HttpResponseMessage response = await server.Client.PostAsJsonAsync("/v1/rerank", request);

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.BadRequest, null, param);
    }

    // The kernel sums in another order than the definition; scores are of a few rows of four values.
    private static void AssertScores(IEnumerable<float> expected, JsonElement answer) => Assert.All(
        answer.GetProperty("data").EnumerateArray().Zip(expected),
        pair => Assert.Equal(pair.Second, pair.First.GetProperty("score").GetSingle(), tolerance: 1e-5f));
}
