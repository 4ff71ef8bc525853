namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Every heading under which providers of the abstraction are tested has its class.</summary>
public sealed class ConformanceTests
{
    private static readonly string[] Headings =
    [
        "Filter", "BasicModel", "DynamicModel", "EmbeddingGeneration", "DataType", "DistanceFunction", "DependencyInjection",
        "HybridSearch", "CollectionManagement", "MultiVectorModel", "NoData", "NoVector", "EmbeddingType", "KeyType", "IndexKind",
    ];

    [Fact]
    public void Headings_AllHaveTests()
    {
        foreach (string heading in Headings)
        {
            Type? type = typeof(ConformanceTests).Assembly.GetType($"{typeof(ConformanceTests).Namespace}.{heading}Tests");

            Assert.True(
                type is not null && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true)), heading);
        }
    }
}
