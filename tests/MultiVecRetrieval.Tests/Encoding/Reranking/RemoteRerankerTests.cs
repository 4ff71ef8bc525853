using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Encoding.Reranking;
using MultiVecRetrieval.Tests.Encoding.Remote;

namespace MultiVecRetrieval.Tests.Encoding.Reranking;

public sealed class RemoteRerankerTests : IAsyncLifetime
{
    private EncoderServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncoderServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Score_AsksInBatchesAndGoesByTheIndex()
    {
        Answer(length => length / 10.0);
        using ModelFolder folder = CreateFolder("\"maxBatch\": 2");
        using RerankerModel model = RerankerModel.Load(folder.Path);

        IReadOnlyList<PairRelevance> scores = model.Score("which", ["four", "a", "three"]);

        Assert.Equal([0.4, 0.1, 0.5], scores.Select(score => score.Relevance));
        Assert.Equal(2, _server.Requests.Count);
        Assert.All(_server.Requests, request => Assert.Equal(
            ("planted", "which"), (request.Body.GetProperty("model").GetString(), request.Body.GetProperty("query").GetString())));
    }

    [Theory]
    [InlineData("""{ "results": [{ "index": 0, "relevance_score": 1 }] }""", "scored 1 of 2")]
    [InlineData("""{ "results": [{ "index": 5, "relevance_score": 1 }] }""", "out of range")]
    [InlineData("""{ "scores": [1, 2] }""", "relevance_score")]
    [InlineData("""{ "results": [{ "index": 0.5, "relevance_score": "high" }] }""", "relevance_score")]
    [InlineData("no JSON", "relevance_score")]
    [InlineData("[]", "relevance_score")]
    public void Score_AnswerThatIsNone_IsRefused(string answer, string expected)
    {
        _server.Intercept = async context =>
        {
            await context.Response.WriteAsync(answer);
            return true;
        };
        using ModelFolder folder = CreateFolder();
        using RerankerModel model = RerankerModel.Load(folder.Path);

        RemoteRerankerException error = Assert.Throws<RemoteRerankerException>(() => model.Score("which", ["a", "b"]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(_server.Address, error.Endpoint);
    }

    [Fact]
    public void Score_EndpointThatFails_SaysItsWords()
    {
        _server.Intercept = async context =>
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("who are you");
            return true;
        };
        using ModelFolder folder = CreateFolder();
        using RerankerModel model = RerankerModel.Load(folder.Path);

        RemoteRerankerException error = Assert.Throws<RemoteRerankerException>(() => model.Score("which", ["a"]));

        Assert.Equal(HttpStatusCode.Unauthorized, error.Status);
        Assert.Contains("who are you", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"dimension\": 4", "dimension")]
    [InlineData("\"images\": true", "texts")]
    public void Load_DescriptionOfAnEncoder_IsRefused(string more, string expected)
    {
        using ModelFolder folder = CreateFolder(more);

        // What the file says wrongly is said by whoever reads it first.
        ModelFormatException error = Assert.ThrowsAny<ModelFormatException>(() => EncoderModel.Load(folder.Path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private ModelFolder CreateFolder(string more = "\"retries\": 0") => new ModelFolder().Write(
        "remote.json", $$"""{ "endpoint": "{{_server.Address}}", "shape": "rerank", "model": "planted", {{more}} }""");

    private void Answer(Func<int, double> score) => _server.Intercept = async context =>
    {
        string[] documents = ((JsonElement)context.Items["body"]!).GetProperty("documents").Deserialize<string[]>()!;
        await context.Response.WriteAsJsonAsync(new
        {
            results = documents.Index().Reverse().Select(document => new
            {
                index = document.Index,
                relevance_score = score(document.Item.Length),
            }),
        });
        return true;
    };
}
