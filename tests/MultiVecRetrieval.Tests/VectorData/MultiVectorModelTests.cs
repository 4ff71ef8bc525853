using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Records with several vectors.</summary>
public sealed class MultiVectorModelTests : StoreFixture
{
    private sealed class Pair
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(2)]
        public float[]? First { get; set; }

        [VectorStoreVector(3, DistanceFunction = DistanceFunction.DotProductSimilarity)]
        public float[]? Second { get; set; }
    }

    private static readonly Pair[] Pairs =
    [
        new() { Id = "a", First = [1, 0], Second = [0, 2, 0] },
        new() { Id = "b", First = [0, 1], Second = [3, 0, 0] },
        new() { Id = "c", Second = [0, 0, 1] },
    ];

    [Fact]
    public async Task Search_SaysWhichVector_AndFindsWhatHasIt()
    {
        MultiVecCollection<string, Pair> collection = await CreateAsync<string, Pair>("pairs", Pairs);

        List<VectorSearchResult<Pair>> first = await collection.SearchAsync(
            new float[] { 1, 0.1f }, 10, new VectorSearchOptions<Pair> { VectorProperty = pair => pair.First }).ToListAsync();
        List<VectorSearchResult<Pair>> second = await collection.SearchAsync(
            new float[] { 1, 0, 0.5f }, 10, new VectorSearchOptions<Pair> { VectorProperty = pair => pair.Second, IncludeVectors = true })
            .ToListAsync();

        Assert.Equal(["a", "b"], first.Select(result => result.Record.Id));
        Assert.Equal(["b", "c", "a"], second.Select(result => result.Record.Id));
        Assert.Equal([3, 0.5, 0], second.Select(result => result.Score!.Value));
        Assert.Equal([3, 0, 0], second[0].Record.Second!);
        Assert.Null(second[1].Record.First);
        Assert.Throws<InvalidOperationException>(() => { _ = collection.SearchAsync(new float[2], 1); });
    }
}
