using System.Numerics.Tensors;
using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Tests.Ann;

/// <summary>Seeded rows of unit length around cluster centres and a common mean; parts of one seed share their centres.</summary>
internal sealed class RandomRows
{
    private readonly float[] _values;

    public RandomRows(int count, int dimension, int seed, int part = 0)
    {
        const int ClusterCount = 50;
        Count = count;
        Dimension = dimension;
        Random random = new(seed);
        float[] centres = [.. Enumerable.Range(0, ClusterCount * dimension).Select(_ => Normal(random))];
        _values = new float[count * dimension];
        random = new Random((31 * seed) + part);
        for (int row = 0; row < count; row++)
        {
            int cluster = random.Next(ClusterCount);
            Span<float> values = _values.AsSpan(row * dimension, dimension);
            for (int i = 0; i < dimension; i++)
            {
                values[i] = 0.5f + centres[(cluster * dimension) + i] + Normal(random);
            }

            TensorPrimitives.Divide(values, TensorPrimitives.Norm<float>(values), values);
        }
    }

    public int Count { get; }

    public int Dimension { get; }

    public Span<float> this[int row] => _values.AsSpan(row * Dimension, Dimension);

    public RowReader Reader => (index, destination) => this[index].CopyTo(destination);

    public byte[] Build(HnswOptions options)
    {
        using MemoryStream stream = new();
        HnswBuilder.Build(Reader, Count, Dimension, options, stream, CancellationToken.None);
        return stream.ToArray();
    }

    /// <summary>The wanted rows with the highest inner products, by a plain loop.</summary>
    public int[] FindExactly(ReadOnlySpan<float> query, int k, Func<int, bool> isWanted)
    {
        float[] scores = new float[Count];
        for (int row = 0; row < Count; row++)
        {
            scores[row] = TensorPrimitives.Dot<float>(query, this[row]);
        }

        return [.. Enumerable.Range(0, Count).Where(isWanted).OrderByDescending(row => scores[row]).ThenBy(row => row).Take(k)];
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
