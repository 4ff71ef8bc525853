using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Tests.Encoding;
using MultiVecRetrieval.Tests.Encoding.Remote;
using MultiVecRetrieval.Tests.Encoding.Reranking;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>A collection of short texts and a picture, searched with a reranker that counts words.</summary>
public sealed class RerankTests : IDisposable
{
    private readonly PlantedReranker _reranker = new();
    private readonly SampleLibrary _sample = new();

    public RerankTests()
    {
        Write("both.txt", "red blue");
        Write("often.txt", "red red red red");
        Write("blue.txt", "blue");
        Write("yellow.txt", "yellow");
        _sample.WritePicture("red.png");
        _sample.Index();
    }

    public void Dispose()
    {
        _sample.Dispose();
        _reranker.Dispose();
    }

    [Fact]
    public void Search_WithAReranker_IsInItsOrderWithBothScores()
    {
        SearchResult plain = Search(rerank: null);
        SearchResult result = Search(new RerankOptions { Model = _reranker.Path });

        Assert.Equal("both.txt", plain.Hits[0].Document.Key);
        SearchHit first = result.Hits[0];
        Assert.Equal(("often.txt", 1), (first.Document.Key, first.Rank));
        Assert.Equal(1 / (1 + Math.Exp(PlantedReranker.Bias - 4)), first.Score, tolerance: 1e-9);
        SearchHit before = plain.Hits.Single(hit => hit.Entry.Key == first.Entry.Key);
        Assert.Contains(new HitSource("search", before.Rank, before.Score), first.Sources);
        Assert.Contains(new HitSource($"rerank:{_reranker.Name}", 1, 4 - PlantedReranker.Bias), first.Sources);
        Assert.Equal(plain.Hits.Select(hit => hit.Entry.Key).Order(), result.Hits.Select(hit => hit.Entry.Key).Order());
        Assert.Equal(Enumerable.Range(1, result.Hits.Count), result.Hits.Select(hit => hit.Rank));
    }

    [Fact]
    public void Search_WithAReranker_SaysSoInThePlan()
    {
        SearchResult result = Search(new RerankOptions { Model = _reranker.Path });

        SearchPlan plan = Assert.Single(result.Plans, plan => plan.Side == $"rerank:{_reranker.Name}");
        Assert.Equal(["search", "rerank"], plan.Stages);
        Assert.Equal(result.Hits.Count(hit => hit.Sources.Any(source => source.Name == plan.Side)), plan.ExactCount);
        Assert.True(result.TimingsMs["rerank"] > 0);
    }

    [Fact]
    public void Search_FewerCandidatesThanHits_LeavesTheOthersAsTheyRanked()
    {
        SearchResult plain = Search(rerank: null);
        SearchResult result = Search(new RerankOptions { Model = _reranker.Path, Candidates = 1 });

        Assert.Equal(plain.Hits.Select(hit => hit.Entry.Key), result.Hits.Select(hit => hit.Entry.Key));
        Assert.Single(result.Hits, hit => hit.Sources.Any(source => source.Name == "search"));
    }

    [Fact]
    public void Search_PageByPage_IsTheWholeInPieces()
    {
        RerankOptions rerank = new() { Model = _reranker.Path };
        SearchResult whole = Search(rerank);

        SearchResult second = _sample.Search(query => query with { Text = "red blue", Rerank = rerank, Top = 1, Offset = 1 });

        Assert.Equal((whole.Hits[1].Entry.Key, 2, true), (second.Hits[0].Entry.Key, second.Hits[0].Rank, second.HasMore));
    }

    [Fact]
    public void Search_HitWithoutAText_KeepsItsPlaceAndIsSaid()
    {
        SearchResult result = _sample.Search(query => query with
        {
            Text = "red blue",
            Rerank = new RerankOptions { Model = _reranker.Path },
            Using = SearchSide.Fused,
        });

        SearchHit[] pictures = [.. result.Hits.Where(hit => hit.Entry.MediaType == MediaType.Image)];
        Assert.All(pictures, hit => Assert.DoesNotContain(hit.Sources, source => source.Name.StartsWith("rerank:", StringComparison.Ordinal)));
        Assert.Equal(pictures.Length > 0, result.Notices.Any(notice => notice.Contains("have no text", StringComparison.Ordinal)));
    }

    [Fact]
    public void Search_WithoutExplanation_HasNone()
    {
        SearchResult result = _sample.Search(query => query with
        {
            Text = "red blue",
            Rerank = new RerankOptions { Model = _reranker.Path },
            Explain = false,
        });

        Assert.Equal("often.txt", result.Hits[0].Document.Key);
        Assert.All(result.Hits, hit => Assert.True(hit.Passage is null && hit.Matches.Count == 0));
    }

    [Theory]
    [InlineData("taken desc", 0, 50, "red", "rerank")]
    [InlineData(null, 0.5, 50, "red", "rerank")]
    [InlineData(null, 0, 0, "red", "rerankTop")]
    [InlineData(null, 0, 1001, "red", "rerankTop")]
    [InlineData(null, 0, 50, "-red", "rerank")]
    public void Search_WithWhatDoesNotGoWithIt_IsRefused(string? sort, double diversity, int candidates, string text, string parameter)
    {
        SearchOptionException error = Assert.Throws<SearchOptionException>(() => _sample.Search(query => query with
        {
            Text = text,
            Order = sort is null ? null : EntryOrder.Parse(sort),
            Diversity = diversity,
            Rerank = new RerankOptions { Model = _reranker.Path, Candidates = candidates },
        }));

        Assert.Equal(parameter, error.Parameter);
    }

    [Fact]
    public void Search_QuestionThatIsTooLong_IsRefused() => Assert.Throws<InvalidQueryException>(() => _sample.Search(query => query with
    {
        Text = string.Join(' ', Enumerable.Repeat("red", 20)),
        Rerank = new RerankOptions { Model = _reranker.Path },
    }));

    [Fact]
    public async Task Search_RemoteRerankerThatIsSlowOrFails_IsAnErrorThatSaysIt()
    {
        await using EncoderServer server = await EncoderServer.StartAsync();
        using ModelFolder folder = new ModelFolder().Write(
            "remote.json", $$"""{ "endpoint": "{{server.Address}}", "shape": "rerank", "model": "planted", "retries": 0 }""");
        server.Intercept = async context =>
        {
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted);
            return true;
        };

        RerankTimeoutException slow = Assert.Throws<RerankTimeoutException>(() =>
            Search(new RerankOptions { Model = folder.Path, TimeLimit = TimeSpan.FromMilliseconds(100) }));
        server.Intercept = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        Assert.Throws<RemoteRerankerException>(() => Search(new RerankOptions { Model = folder.Path }));
        server.Intercept = async context =>
        {
            JsonElement body = (JsonElement)context.Items["body"]!;
            await context.Response.WriteAsJsonAsync(new
            {
                results = body.GetProperty("documents").EnumerateArray().Select((text, index) => new
                {
                    index,
                    relevance_score = text.GetString() == "blue" ? 0.9 : 0.2,
                }),
            });
            return true;
        };
        SearchResult result = Search(new RerankOptions { Model = folder.Path });

        Assert.Equal(TimeSpan.FromMilliseconds(100), slow.Limit);
        Assert.Equal(("blue.txt", 0.9), (result.Hits[0].Document.Key, result.Hits[0].Score));
    }

    private SearchResult Search(RerankOptions? rerank) =>
        _sample.Search(query => query with { Text = "red blue", Using = SearchSide.Text, Rerank = rerank });

    private void Write(string name, string text) => _sample.Write(name, System.Text.Encoding.UTF8.GetBytes(text));
}
