using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Scores are those of the definition; what is not known is refused.</summary>
public sealed class DistanceFunctionTests : StoreFixture
{
    private const int Count = 40;
    private const int Dimension = 5;

    [Theory]
    [InlineData(DistanceFunction.CosineSimilarity)]
    [InlineData(DistanceFunction.CosineDistance)]
    [InlineData(DistanceFunction.DotProductSimilarity)]
    [InlineData(null)]
    public async Task Search_ByOneVector_IsBruteForce(string? function)
    {
        Random random = new(5);
        float[][] vectors = [.. Enumerable.Range(0, Count).Select(_ => RandomRow(random, Dimension))];
        float[] query = RandomRow(random, Dimension);
        MultiVecDynamicCollection collection = await CreateAsync(typeof(float[]), function, vectors);
        double Score(float[] vector) => function switch
        {
            DistanceFunction.DotProductSimilarity => Dot(vector, query),
            DistanceFunction.CosineDistance => 1 - Cosine(vector, query),
            _ => Cosine(vector, query),
        };
        (int Id, double Score)[] all = [.. vectors.Select((vector, id) => (Id: id, Score: Score(vector))).OrderBy(pair => pair.Score)];
        if (function != DistanceFunction.CosineDistance)
        {
            Array.Reverse(all);
        }

        double threshold = (all[11].Score + all[12].Score) / 2;
        List<VectorSearchResult<Dictionary<string, object?>>> found = await collection.SearchAsync(query, Count).ToListAsync();
        List<VectorSearchResult<Dictionary<string, object?>>> within = await collection.SearchAsync(
            query, Count, new VectorSearchOptions<Dictionary<string, object?>> { ScoreThreshold = threshold }).ToListAsync();

        Assert.Equal(all.Select(pair => pair.Id), found.Select(result => (int)result.Record["Id"]!));
        Assert.All(all.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score!.Value, tolerance: 1e-5));
        Assert.Equal(all.Take(12).Select(pair => pair.Id), within.Select(result => (int)result.Record["Id"]!));
    }

    [Theory]
    [InlineData(typeof(float[][]))]
    [InlineData(typeof(MultiVector))]
    [InlineData(typeof(ReadOnlyMemory<float>[]))]
    [InlineData(typeof(IReadOnlyList<ReadOnlyMemory<float>>))]
    public async Task Search_ByManyVectors_IsTheSumOfBestCosines(Type type)
    {
        Random random = new(6);
        float[][][] vectors = [.. Enumerable.Range(0, Count).Select(_ =>
            Enumerable.Range(0, random.Next(1, 6)).Select(_ => RandomRow(random, Dimension)).ToArray())];
        float[][] query = [RandomRow(random, Dimension), RandomRow(random, Dimension), RandomRow(random, Dimension)];
        MultiVecDynamicCollection collection = await CreateAsync(type, function: null, vectors);

        List<VectorSearchResult<Dictionary<string, object?>>> found = await collection.SearchAsync(
            query, Count, new VectorSearchOptions<Dictionary<string, object?>> { IncludeVectors = true }).ToListAsync();

        (int Id, double Score)[] expected = [.. vectors
            .Select((rows, id) => (Id: id, Score: query.Sum(q => rows.Max(row => Cosine(row, q)))))
            .OrderByDescending(pair => pair.Score)];
        Assert.Equal(expected.Select(pair => pair.Id), found.Select(result => (int)result.Record["Id"]!));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score!.Value, tolerance: 1e-5));
        Assert.All(found, result => Assert.True(type.IsInstanceOfType(result.Record["Vector"])));
    }

    [Theory]
    [InlineData(DistanceFunction.EuclideanDistance, typeof(float[]))]
    [InlineData(DistanceFunction.HammingDistance, typeof(float[]))]
    [InlineData(DistanceFunction.NegativeDotProductSimilarity, typeof(float[]))]
    [InlineData("Nearness", typeof(float[]))]
    [InlineData(DistanceFunction.CosineSimilarity, typeof(float[][]))]
    public void GetCollection_WithAFunctionThatIsNotThere_NamesIt(string function, Type type)
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => Store.GetDynamicCollection("c", Define(type, function)));

        Assert.Contains(function, error.Message, StringComparison.Ordinal);
        Assert.Contains(MultiVecDistance.MaxSim, error.Message, StringComparison.Ordinal);
    }

    private static VectorStoreCollectionDefinition Define(Type type, string? function) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Id", typeof(int)),
            new VectorStoreVectorProperty("Vector", type, Dimension) { DistanceFunction = function },
        ],
    };

    private async Task<MultiVecDynamicCollection> CreateAsync(Type type, string? function, IReadOnlyList<object> vectors)
    {
        MultiVecDynamicCollection collection = Store.GetDynamicCollection("c", Define(type, function));
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(vectors.Select((vector, id) => new Dictionary<string, object?> { ["Id"] = id, ["Vector"] = vector }));
        return collection;
    }
}
