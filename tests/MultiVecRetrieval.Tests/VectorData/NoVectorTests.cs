using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Records without vectors.</summary>
public sealed class NoVectorTests : StoreFixture
{
    private sealed class Plain
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData]
        public string? Text { get; set; }
    }

    [Fact]
    public async Task Records_WithoutVectors_AreStoredAndRead_AndNotSearched()
    {
        MultiVecCollection<string, Plain> collection = await CreateAsync<string, Plain>(
            "plain", new Plain { Id = "a", Text = "one" }, new Plain { Id = "b", Text = "two" });
        await collection.EnsureCollectionExistsAsync();

        Assert.Equal("two", (await collection.GetAsync("b", new RecordRetrievalOptions { IncludeVectors = true }))!.Text);
        Assert.Equal("b", Assert.Single(await collection.GetAsync(plain => plain.Text == "two", 5).ToListAsync()).Id);
        Assert.Throws<InvalidOperationException>(() => { _ = collection.SearchAsync(new float[2], 1); });
    }
}
