using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Records of a key and a vector alone.</summary>
public sealed class NoDataTests : StoreFixture
{
    private sealed class Bare
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(2)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }

    [Fact]
    public async Task Records_WithoutData_AreStoredFoundAndRemoved()
    {
        MultiVecCollection<string, Bare> collection = await CreateAsync<string, Bare>(
            "bare", new Bare { Id = "a", Vector = new float[] { 1, 0 } }, new Bare { Id = "b", Vector = new float[] { 0, 1 } });

        Bare found = Assert.Single(
            await collection.SearchAsync(new float[] { 0, 1 }, 1, new() { IncludeVectors = true }).ToListAsync()).Record;
        await collection.DeleteAsync("b");

        Assert.Equal("b", found.Id);
        Assert.Equal([0, 1], found.Vector.ToArray());
        Assert.Equal("a", Assert.Single(await collection.GetAsync(bare => true, 5).ToListAsync()).Id);
    }
}
