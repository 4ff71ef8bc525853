using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Kinds of indexes: known ones find what is nearest, others are named.</summary>
public sealed class IndexKindTests : StoreFixture
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(IndexKind.Dynamic, null)]
    [InlineData(IndexKind.Flat, null)]
    [InlineData(IndexKind.Hnsw, "hnsw")]
    [InlineData(IndexKind.IvfFlat, "ivf")]
    [InlineData(IndexKind.QuantizedFlat, "bits:1")]
    public async Task Search_WithAKind_FindsTheNearest(string? kind, string? tier)
    {
        Random random = new(2);
        float[][] vectors = [.. Enumerable.Range(0, 50).Select(_ => RandomRow(random, 8))];
        MultiVecDynamicCollection collection = Store.GetDynamicCollection("c", Define(kind));
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(vectors.Select((vector, id) => new Dictionary<string, object?> { ["Id"] = id, ["Vector"] = vector }));

        VectorSearchResult<Dictionary<string, object?>> found = Assert.Single(await collection.SearchAsync(vectors[17], 1).ToListAsync());

        Assert.Equal(17, found.Record["Id"]);
        Collection opened = Library.GetCollection("c");
        Assert.Equal(tier is null ? [] : [tier], opened.Tiers.Get(opened.Spaces[0].Name).Select(one => one.Spec));
    }

    [Fact]
    public void GetCollection_WithAKindThatIsNotThere_NamesIt() => Assert.Contains(
        IndexKind.DiskAnn,
        Assert.Throws<NotSupportedException>(() => Store.GetDynamicCollection("c", Define(IndexKind.DiskAnn))).Message, StringComparison.Ordinal);

    private static VectorStoreCollectionDefinition Define(string? kind) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Id", typeof(int)), new VectorStoreVectorProperty("Vector", typeof(float[]), 8) { IndexKind = kind },
        ],
    };
}
