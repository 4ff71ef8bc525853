using System.Numerics.Tensors;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Measuring;

/// <summary>
/// Makes queries where no real ones are known: some rows of an entry, each mixed with a row of another entry and noise, so that the
/// query lies among the rows but on none of them. They are of all lengths from a few words to a sentence: the fewer rows, the less
/// the errors of codes cancel out, and what keeps the recall of long queries may lose short ones.
/// </summary>
internal static class QueryMaker
{
    /// <summary>About as many rows as typed queries have.</summary>
    private const int MinRowCount = 2;
    private const int MaxRowCount = 20;

    private const float MixedShare = 0.5f;
    private const float NoiseShare = 0.3f;
    private const ulong Seed = 0x71756572696573; // "queries"

    /// <summary>The same queries from the same entries, however they are spread over segments; fewer than wanted only when there are no
    /// entries, or rows too long for float32.</summary>
    public static List<MultiVector> Make(SegmentSet set, Space space, int count)
    {
        List<(ulong Order, SegmentReader Reader, int Index)> entries = [.. RowSampler.ListEntries(set, space.Name, Seed)];
        entries.Sort((a, b) => a.Order.CompareTo(b.Order));
        List<MultiVector> queries = [];
        for (int i = 0; i < count && entries.Count > 0; i++)
        {
            (ulong order, SegmentReader reader, int index) = entries[i % entries.Count];
            (_, SegmentReader otherReader, int otherIndex) = entries[(i + 1) % entries.Count];
            MultiVector query = Make(reader.Read(index), otherReader.Read(otherIndex), new Random(unchecked((int)order + i)));
            if (float.IsFinite(TensorPrimitives.MaxMagnitude(query.Values)))
            {
                queries.Add(query);
            }
        }

        return queries;
    }

    private static MultiVector Make(MultiVector entry, MultiVector other, Random random)
    {
        int[] order = [.. Enumerable.Range(0, entry.RowCount)];
        random.Shuffle(order);
        int dimension = entry.Dimension;
        // Equal shares to equal ratios.
        int wanted = (int)Math.Round(MinRowCount * Math.Pow((double)MaxRowCount / MinRowCount, random.NextDouble()));
        int rowCount = Math.Min(wanted, entry.RowCount);
        float[] values = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> target = values.AsSpan(row * dimension, dimension);
            ReadOnlySpan<float> source = entry.Row(order[row]);
            float norm = TensorPrimitives.Norm(source);
            TensorPrimitives.MultiplyAdd(other.Row(random.Next(other.RowCount)), MixedShare, source, target);
            for (int k = 0; k < dimension; k++)
            {
                target[k] += NoiseShare * norm * NextGaussian(random) / MathF.Sqrt(dimension);
            }
        }

        return new MultiVector(dimension, values);
    }

    // Box and Muller, Annals of Mathematical Statistics 29, 1958.
    private static float NextGaussian(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
