using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Interchange;

namespace MultiVecRetrieval.Tests.Engine.Interchange;

/// <summary>Seeded vectors and graphs over them.</summary>
internal static class FaissSamples
{
    public static float[] CreateRows(int seed, int count, int dimension)
    {
        Random random = new(seed);
        float[] values = new float[count * dimension];
        for (int row = 0; row < count; row++)
        {
            Span<float> vector = values.AsSpan(row * dimension, dimension);
            double sum = 0;
            for (int k = 0; k < dimension; k++)
            {
                vector[k] = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
                sum += (double)vector[k] * vector[k];
            }

            for (int k = 0; k < dimension; k++)
            {
                vector[k] = (float)(vector[k] / Math.Sqrt(sum));
            }
        }

        return values;
    }

    /// <summary>Unit vectors, the first of which are equal.</summary>
    public static (FaissFlatIndex Storage, FaissHnswIndex Index) CreateHnsw(FaissMetric metric, int count, int dimension, int equalCount)
    {
        float[] values = CreateRows(seed: 1, count, dimension);
        for (int row = 1; row < equalCount; row++)
        {
            values.AsSpan(0, dimension).CopyTo(values.AsSpan(row * dimension));
        }

        FaissFlatIndex storage = new(metric, dimension, values);
        using HnswGraph graph = BuildGraph(storage);
        return (storage, FaissHnswIndex.Create(storage, graph));
    }

    public static HnswGraph BuildGraph(FaissFlatIndex storage)
    {
        using MemoryStream stream = new();
        HnswBuilder.Build(
            (index, row)
                => storage[index].CopyTo(row), storage.Count, storage.Dimension, new HnswOptions(), stream,
                TestContext.Current.CancellationToken);
        return HnswGraph.Open(stream.ToArray());
    }
}
