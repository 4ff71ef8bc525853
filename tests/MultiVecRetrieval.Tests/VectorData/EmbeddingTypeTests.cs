using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>One vector in each type that holds one.</summary>
public sealed class EmbeddingTypeTests : StoreFixture
{
    [Fact]
    public async Task Vector_OfEachType_ComesBackAndIsAskedWith()
    {
        object[] values = [(ReadOnlyMemory<float>)new float[] { 0, 1 }, new float[] { 0, 1 }, new Embedding<float>(new float[] { 0, 1 })];

        foreach (object value in values)
        {
            string name = $"c{Array.IndexOf(values, value)}";
            MultiVecDynamicCollection collection = Store.GetDynamicCollection(name, new VectorStoreCollectionDefinition
            {
                Properties = [new VectorStoreKeyProperty("Id", typeof(int)), new VectorStoreVectorProperty("Vector", value.GetType(), 2)],
            });
            await collection.EnsureCollectionExistsAsync();
            await collection.UpsertAsync(new Dictionary<string, object?> { ["Id"] = 1, ["Vector"] = value });

            object? stored = (await collection.GetAsync(1, new RecordRetrievalOptions { IncludeVectors = true }))!["Vector"];
            VectorSearchResult<Dictionary<string, object?>> found = Assert.Single(await collection.SearchAsync(value, 1).ToListAsync());

            Assert.IsType(value.GetType(), stored);
            Assert.Equal(
                [0, 1],
                (stored as float[]) ?? (stored as Embedding<float>)?.Vector.ToArray() ?? ((ReadOnlyMemory<float>)stored!).ToArray());
            Assert.Equal(1, found.Score);
        }

        Assert.Throws<InvalidOperationException>(() => Store.GetDynamicCollection("c", new VectorStoreCollectionDefinition
        {
            Properties = [new VectorStoreKeyProperty("Id", typeof(int)), new VectorStoreVectorProperty("Vector", typeof(double[]), 2)],
        }));
    }
}
