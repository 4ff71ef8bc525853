using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Collections come and go, and one that is there is what its definition says.</summary>
public sealed class CollectionManagementTests : StoreFixture
{
    [Fact]
    public async Task Collection_MadeAndDeleted_IsThereMeanwhile()
    {
        MultiVecCollection<string, Hotel> collection = Store.GetCollection<string, Hotel>("hotels");
        Assert.False(await collection.CollectionExistsAsync());

        await collection.EnsureCollectionExistsAsync();
        await collection.EnsureCollectionExistsAsync();

        Assert.True(await collection.CollectionExistsAsync());
        Assert.True(await Store.CollectionExistsAsync("hotels"));
        Assert.Equal(["hotels"], await Store.ListCollectionNamesAsync().ToListAsync());

        await collection.EnsureCollectionDeletedAsync();
        await Store.EnsureCollectionDeletedAsync("hotels");

        Assert.False(await collection.CollectionExistsAsync());
        Assert.Empty(await Store.ListCollectionNamesAsync().ToListAsync());
    }

    [Fact]
    public async Task Calls_WithoutCollection_AreVectorStoreExceptions()
    {
        MultiVecCollection<string, Hotel> collection = Store.GetCollection<string, Hotel>("hotels");
        Func<Task>[] calls =
        [
            () => collection.GetAsync("h1"),
            () => collection.GetAsync(hotel => true, 1).ToListAsync().AsTask(),
            () => collection.UpsertAsync(new Hotel { Id = "h1" }),
            () => collection.DeleteAsync("h1"),
            () => collection.SearchAsync(new float[3], 1).ToListAsync().AsTask(),
            () => collection.HybridSearchAsync(new float[3], ["x"], 1).ToListAsync().AsTask(),
        ];

        foreach (Func<Task> call in calls)
        {
            VectorStoreException error = await Assert.ThrowsAsync<VectorStoreException>(call);

            Assert.Equal("hotels", error.CollectionName);
            Assert.Equal("multivecretrieval", error.VectorStoreSystemName);
            Assert.NotNull(error.OperationName);
        }

        Assert.False(await collection.CollectionExistsAsync());
    }

    [Fact]
    public async Task Ensure_CollectionWithOtherSpaces_SaysInWhatTheyDiffer()
    {
        await Store.GetCollection<string, Hotel>("hotels").EnsureCollectionExistsAsync();
        (string Message, VectorStoreVectorProperty Property)[] others =
        [
            ("one of 3 values compared by cosine; the definition has one of 4", new("Vector", typeof(float[]), 4)),
            ("the definition has one of 3 values compared by dot",
                new("Vector", typeof(float[]), 3) { DistanceFunction = DistanceFunction.DotProductSimilarity }),
            ("the definition has many of 3", new("Vector", typeof(float[][]), 3)),
            ("no vectors 'Other'; it has 'Vector'", new("Other", typeof(float[]), 3)),
        ];

        foreach ((string message, VectorStoreVectorProperty property) in others)
        {
            VectorStoreException error = await Assert.ThrowsAsync<VectorStoreException>(() => Store.GetDynamicCollection(
                "hotels", new VectorStoreCollectionDefinition { Properties = [new VectorStoreKeyProperty("Id", typeof(string)), property] })
                .EnsureCollectionExistsAsync());

            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Services_OfStoreAndCollection_AreWhatTheyAreMadeOf()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels");

        Assert.Same(Library, Store.GetService(typeof(Library)));
        Assert.Equal("multivecretrieval", ((VectorStoreMetadata)Store.GetService(typeof(VectorStoreMetadata))!).VectorStoreSystemName);
        Assert.Same(collection, collection.GetService(typeof(IKeywordHybridSearchable<Hotel>)));
        Assert.Equal("hotels", ((VectorStoreCollectionMetadata)collection.GetService(typeof(VectorStoreCollectionMetadata))!).CollectionName);
        Assert.Null(collection.GetService(typeof(Library), "key"));
    }
}
