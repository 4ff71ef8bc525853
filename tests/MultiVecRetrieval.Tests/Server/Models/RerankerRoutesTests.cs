using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Reranking;

namespace MultiVecRetrieval.Tests.Server.Models;

public sealed class RerankerRoutesTests : IAsyncLifetime
{
    private readonly PlantedReranker _reranker = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(modelFolders: [_reranker.Path]);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _reranker.Dispose();
    }

    [Fact]
    public async Task Rerank_ByAReranker_IsInItsOrder()
    {
        JsonElement answer = await PostAsync(
            "/v1/rerank", new { model = _reranker.Name, query = "red blue", documents = new[] { "green", "red", "blue red blue" } });
        JsonElement model = await _server.GetJsonAsync($"/v1/models/{_reranker.Name}");

        JsonElement[] results = [.. answer.GetProperty("results").EnumerateArray()];
        Assert.Equal([2, 1, 0], results.Select(result => result.GetProperty("index").GetInt32()));
        Assert.Equal(1 / (1 + Math.Exp(-1.5)), results[0].GetProperty("relevance_score").GetDouble(), tolerance: 1e-9);
        Assert.True(model.GetProperty("isReranker").GetBoolean());
        Assert.True(answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Score_ByAReranker_IsItsLogit()
    {
        JsonElement answer = await PostAsync(
            "/score", new { model = _reranker.Name, text_1 = new[] { "red", "blue" }, text_2 = new[] { "red", "green" } });

        Assert.Equal([-0.5, -1.5], answer.GetProperty("data").EnumerateArray().Select(score => score.GetProperty("score").GetDouble()));
    }

    [Fact]
    public async Task Rerank_WhatARerankerCannotRead_IsRefused()
    {
        string longText = string.Join(' ', Enumerable.Repeat("red", 20));
        object[] picture = [new { image = ModelServer.Png(ModelServer.Picture()) }];
        using HttpResponseMessage isPicture = await _server.Client.PostAsJsonAsync(
            "/v1/rerank", new { model = _reranker.Name, query = "red", documents = picture });
        using HttpResponseMessage tooLong = await _server.Client.PostAsJsonAsync(
            "/v1/rerank", new { model = _reranker.Name, query = "red", documents = new[] { "blue", longText }, truncate = false });
        using HttpResponseMessage asEncoder = await _server.Client.PostAsJsonAsync(
            "/v1/embeddings", new { model = _reranker.Name, input = "red" });
        JsonElement cut = await PostAsync(
            "/v1/rerank", new { model = _reranker.Name, query = "red", documents = new[] { longText }, truncate = true });

        await OpenAiProblems.AssertAsync(isPicture, HttpStatusCode.BadRequest, null, "documents[0]");
        await OpenAiProblems.AssertAsync(tooLong, HttpStatusCode.BadRequest, "context_length_exceeded", "documents[1]");
        await OpenAiProblems.AssertAsync(asEncoder, HttpStatusCode.NotFound, "model_not_found", "model");
        Assert.Contains("not read", cut.GetProperty("notices")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_RerankOfARequest_IsReadAndChecked()
    {
        string folder = Directory.CreateTempSubdirectory("mvr-texts-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "both.txt"), "red blue");
            File.WriteAllText(Path.Combine(folder, "often.txt"), "red red red red");
            await _server.Library.IndexAsync(new IndexRequest { Collection = "texts", Paths = [folder], Models = ["words-only"] });

            JsonElement posted = await PostAsync(
                "/v1/collections/texts/search", new { text = "red blue", @using = "text", rerank = _reranker.Name, rerankTop = 10 });
            JsonElement got = await _server.GetJsonAsync($"/v1/collections/texts/search?q=red+blue&using=text&rerank={_reranker.Name}");
            using HttpResponseMessage unknown = await _server.Client.GetAsync("/v1/collections/texts/search?q=red&rerank=words-only");
            using HttpResponseMessage path = await _server.Client.PostAsJsonAsync(
                "/v1/collections/texts/search", new { text = "red", rerank = _reranker.Path });
            using HttpResponseMessage alone = await _server.Client.GetAsync("/v1/collections/texts/search?q=red&rerankTop=5");
            using HttpResponseMessage many = await _server.Client.GetAsync(
                $"/v1/collections/texts/search?q=red&rerank={_reranker.Name}&rerankTop=5000");

            Assert.All([posted, got], answer => Assert.Equal("often.txt", answer.GetProperty("hits")[0].GetProperty("document").GetString()));
            await AssertAsync(unknown, "rerank");
            await AssertAsync(path, "rerank");
            await AssertAsync(alone, "rerankTop");
            await AssertAsync(many, "rerankTop");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AssertAsync(HttpResponseMessage response, string parameter)
    {
        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await _server.Client.PostAsJsonAsync(path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
