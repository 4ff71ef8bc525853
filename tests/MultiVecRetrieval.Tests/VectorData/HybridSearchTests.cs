using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Vectors and keywords together: by the sum of 1 / (59 + rank) in both.</summary>
public sealed class HybridSearchTests : StoreFixture
{
    private sealed class Article
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreData(IsFullTextIndexed = true)]
        public string? Title { get; set; }

        [VectorStoreData(IsFullTextIndexed = true)]
        public string? Body { get; set; }

        [VectorStoreData]
        public bool IsPublic { get; set; }

        [VectorStoreVector(2)]
        public float[] Vector { get; set; } = [];
    }

    private static readonly Article[] Articles =
    [
        new() { Id = 1, Title = "Otters swim", Body = "rivers and lakes", IsPublic = true, Vector = [0, 1] },
        new() { Id = 2, Title = "Trams", Body = "rails in cities", IsPublic = true, Vector = [1, 0] },
        new() { Id = 3, Title = "Harbours", Body = "otters near ships", IsPublic = false, Vector = [0.9f, 0.3f] },
        new() { Id = 4, Title = "Bridges", Body = "steel and stone", IsPublic = true, Vector = [0.7f, 0.7f] },
    ];

    [Fact]
    public async Task HybridSearch_InATextProperty_JoinsRanksOfVectorsAndOfThatText()
    {
        MultiVecCollection<int, Article> collection = await CreateAsync<int, Article>("articles", Articles);

        List<VectorSearchResult<Article>> byTitle =
            await FindAsync(collection, new HybridSearchOptions<Article> { AdditionalProperty = r => r.Title });
        List<VectorSearchResult<Article>> byBody =
            await FindAsync(collection, new HybridSearchOptions<Article> { AdditionalProperty = r => r.Body });

        // By vectors the order is 2, 3, 4, 1.
        Assert.Equal([1, 2, 3, 4], byTitle.Select(result => result.Record.Id));
        Assert.Equal([3, 2, 4, 1], byBody.Select(result => result.Record.Id));
        Assert.Equal((1.0 / 60) + (1.0 / 63), byTitle[0].Score!.Value, tolerance: 1e-12);
        Assert.Equal(1.0 / 60, byTitle[1].Score!.Value, tolerance: 1e-12);
    }

    [Fact]
    public async Task HybridSearch_WithConditionPagesAndScore_KeepsToThem()
    {
        MultiVecCollection<int, Article> collection = await CreateAsync<int, Article>("articles", Articles);

        Assert.Equal([2, 4, 1], (await FindAsync(collection, new HybridSearchOptions<Article>
        {
            AdditionalProperty = r => r.Body,
            Filter = r => r.IsPublic,
        })).Select(result => result.Record.Id));
        Assert.Equal([2, 4], (await collection.HybridSearchAsync(
            new float[] { 1, 0 }, ["otters"], 2, new HybridSearchOptions<Article> { AdditionalProperty = r => r.Body, Skip = 1 }).ToListAsync())
            .Select(result => result.Record.Id));
        Assert.Equal([3], (await FindAsync(collection, new HybridSearchOptions<Article>
        {
            AdditionalProperty = r => r.Body,
            ScoreThreshold = 1.0 / 59,
        })).Select(result => result.Record.Id));
    }

    [Fact]
    public async Task HybridSearch_SeveralKeywordsOrNone_FindsAnyOrGoesByVectors()
    {
        MultiVecCollection<int, Article> collection = await CreateAsync<int, Article>("articles", Articles);
        HybridSearchOptions<Article> options = new() { AdditionalProperty = r => r.Body };

        List<VectorSearchResult<Article>> any =
            await collection.HybridSearchAsync(new float[] { 1, 0 }, ["rivers", "steel"], 2, options).ToListAsync();
        List<VectorSearchResult<Article>> none = await collection.HybridSearchAsync(new float[] { 1, 0 }, [], 10, options).ToListAsync();

        Assert.Equal([1, 4], any.Select(result => result.Record.Id).Order());
        Assert.Equal([2, 3, 4, 1], none.Select(result => result.Record.Id));
    }

    [Fact]
    public async Task HybridSearch_TextPropertyNotSaid_IsAskedFor()
    {
        MultiVecCollection<int, Article> collection = await CreateAsync<int, Article>("articles", Articles);

        Assert.Throws<InvalidOperationException>(() => { _ = collection.HybridSearchAsync(new float[2], ["x"], 1); });
    }

    private static Task<List<VectorSearchResult<Article>>> FindAsync(
        MultiVecCollection<int, Article> collection, HybridSearchOptions<Article> options) =>
        collection.HybridSearchAsync(new float[] { 1, 0 }, ["otters"], 10, options).ToListAsync().AsTask();
}
