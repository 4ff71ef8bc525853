using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Records without a class: dictionaries by a definition.</summary>
public sealed class DynamicModelTests : StoreFixture
{
    private readonly VectorStoreCollectionDefinition _definition = new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Id", typeof(int)),
            new VectorStoreDataProperty("Name", typeof(string)),
            new VectorStoreDataProperty("Rank", typeof(int?)),
            new VectorStoreDataProperty("Tags", typeof(List<string>)),
            new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>), 2),
            new VectorStoreVectorProperty("Rows", typeof(IReadOnlyList<ReadOnlyMemory<float>>), 2) { DistanceFunction = MultiVecDistance.MaxSim },
        ],
    };

    [Fact]
    public async Task Get_StoredDictionary_HasEveryValue()
    {
        MultiVecDynamicCollection collection = await CreateAsync();

        Dictionary<string, object?> found = (await collection.GetAsync(2, new RecordRetrievalOptions { IncludeVectors = true }))!;
        Dictionary<string, object?> plain = (await collection.GetAsync(1))!;

        Assert.Equal((2, "two", 20), ((int)found["Id"]!, (string)found["Name"]!, (int)found["Rank"]!));
        Assert.Equal(["even", "small"], (List<string>)found["Tags"]!);
        Assert.Equal([0, 1], ((ReadOnlyMemory<float>)found["Vector"]!).ToArray());
        Assert.Equal([1, 0], ((IReadOnlyList<ReadOnlyMemory<float>>)found["Rows"]!)[1].ToArray());
        Assert.Null(plain["Rank"]);
        Assert.False(plain.ContainsKey("Vector"));
    }

    [Fact]
    public async Task GetAndSearch_WithConditionsOnNames_FindThem()
    {
        MultiVecDynamicCollection collection = await CreateAsync();
        string name = "Name";

        List<Dictionary<string, object?>> found = await collection.GetAsync(
            record => (string)record[name]! == "two" || (int?)record["Rank"] == null, 10,
            new FilteredRecordRetrievalOptions<Dictionary<string, object?>> { OrderBy = by => by.Descending(record => record["Id"]) }).ToListAsync();
        VectorSearchResult<Dictionary<string, object?>> nearest = Assert.Single(await collection.SearchAsync(
            new float[] { 1, 0.1f }, 1,
            new VectorSearchOptions<Dictionary<string, object?>>
            {
                VectorProperty = record => record["Vector"],
                Filter = record => ((List<string>)record["Tags"]!).Contains("even"),
            }).ToListAsync());

        Assert.Equal([2, 1], found.Select(record => (int)record["Id"]!));
        Assert.Equal(2, nearest.Record["Id"]);
    }

    [Fact]
    public async Task GetAndSet_ValuesOfOtherTypesThanDefined_AreRefused()
    {
        MultiVecDynamicCollection collection = await CreateAsync();

        await Assert.ThrowsAsync<InvalidCastException>(
            async () => await collection.GetAsync(record => (long)record["Id"]! == 1, 1).ToListAsync());
        await Assert.ThrowsAsync<VectorStoreException>(() => collection.UpsertAsync(new Dictionary<string, object?> { ["Id"] = 3, ["Name"] = 4 }));
        await Assert.ThrowsAsync<VectorStoreException>(() => collection.UpsertAsync(new Dictionary<string, object?> { ["Name"] = "no key" }));
        Assert.Throws<ArgumentException>(() => Store.GetCollection<int, Dictionary<string, object?>>("dynamic"));
    }

    private async Task<MultiVecDynamicCollection> CreateAsync()
    {
        MultiVecDynamicCollection collection = Store.GetDynamicCollection("dynamic", _definition);
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(
        [
            new() { ["Id"] = 1, ["Name"] = "one", ["Vector"] = (ReadOnlyMemory<float>)new float[] { 1, 0 } },
            new()
            {
                ["Id"] = 2, ["Name"] = "two", ["Rank"] = 20, ["Tags"] = new List<string> { "even", "small" },
                ["Vector"] = (ReadOnlyMemory<float>)new float[] { 0, 1 }, ["Rows"] = new float[][] { [0, 1], [1, 0] },
            },
        ]);
        return collection;
    }
}
