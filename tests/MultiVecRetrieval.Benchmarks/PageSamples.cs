using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Seeded rows with the statistics of page encoders: unit rows, few topics a page, much repetition within a page.</summary>
/// <remarks>
/// There are 256 topics; a page mixes 8 of them, and a row is its topic plus Gaussian noise, normalised. A query takes rows of one
/// page and adds noise. Page and query i depend on the seed and i alone.
/// </remarks>
internal sealed class PageSamples
{
    private const int TopicCount = 256;
    private const int TopicsPerPage = 8;
    private const float RowNoise = 0.6f;
    private const float QueryNoise = 0.4f;

    private readonly int _seed;
    private readonly MultiVector _topics;

    public PageSamples(int seed, int dimension)
    {
        _seed = seed;
        _topics = new MultiVector(dimension, NextUnitRows(new Random(seed), TopicCount, dimension));
    }

    /// <summary>The rows of page <paramref name="index"/>.</summary>
    public MultiVector GetPage(int index, int rowCount)
    {
        Random random = new(HashCode(index, stream: 1));
        int[] topics = [.. Enumerable.Range(0, TopicsPerPage).Select(_ => random.Next(TopicCount))];
        float[] values = new float[rowCount * _topics.Dimension];
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> target = values.AsSpan(row * _topics.Dimension, _topics.Dimension);
            AddNoise(random, _topics.Row(topics[random.Next(TopicsPerPage)]), RowNoise, target);
        }

        return new MultiVector(_topics.Dimension, values);
    }

    /// <summary>The rows of query <paramref name="index"/>, drawn from <paramref name="page"/>.</summary>
    public MultiVector GetQuery(int index, MultiVector page, int rowCount)
    {
        Random random = new(HashCode(index, stream: 2));
        float[] values = new float[rowCount * page.Dimension];
        for (int row = 0; row < rowCount; row++)
        {
            AddNoise(random, page.Row(random.Next(page.RowCount)), QueryNoise, values.AsSpan(row * page.Dimension, page.Dimension));
        }

        return new MultiVector(page.Dimension, values);
    }

    private static float[] NextUnitRows(Random random, int rowCount, int dimension)
    {
        float[] values = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++)
        {
            AddNoise(random, new float[dimension], 1, values.AsSpan(row * dimension, dimension));
        }

        return values;
    }

    // target = (source + noise · g / √d) / its length, g standard normal (a sum of uniforms, which is close enough and fast).
    private static void AddNoise(Random random, ReadOnlySpan<float> source, float noise, Span<float> target)
    {
        float scale = noise * MathF.Sqrt(3f / target.Length);
        for (int k = 0; k < target.Length; k++)
        {
            float normal = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2;
            target[k] = source[k] + (scale * normal);
        }

        TensorPrimitives.Divide(target, TensorPrimitives.Norm<float>(target), target);
    }

    private int HashCode(int index, int stream) => unchecked((((_seed * 31) + stream) * 1_000_003) + index);
}
