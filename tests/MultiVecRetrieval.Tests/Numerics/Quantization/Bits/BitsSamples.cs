using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Bits;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Bits;

/// <summary>Seeded vectors like those of a picture and text model, and the definition of every score.</summary>
internal static class BitsSamples
{
    /// <summary>Rows of a power-law spectrum around a common mean; queries are near rows but around another mean, as text is beside
    /// pictures.</summary>
    public static (float[] Rows, float[] Queries) CreateModalityGap(int seed, int rowCount, int queryCount, int dimension,
        double decay = 0.5)
    {
        Random random = new(seed);
        double[] rowMean = RandomDirection(random, dimension, 0.67);
        double[] queryMean = RandomDirection(random, dimension, 0.67);
        float[] rows = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++)
        {
            double[] values = [.. Enumerable.Range(0, dimension).Select(k => Gauss(random) * Math.Pow(k + 1, -decay))];
            Place(values, rowMean, rows.AsSpan(row * dimension, dimension));
        }

        float[] queries = new float[queryCount * dimension];
        for (int query = 0; query < queryCount; query++)
        {
            ReadOnlySpan<float> near = rows.AsSpan(random.Next(rowCount) * dimension, dimension);
            double[] values = new double[dimension];
            for (int k = 0; k < dimension; k++)
            {
                values[k] = near[k] - rowMean[k] + (0.5 * Gauss(random) * Math.Pow(k + 1, -decay) / Math.Sqrt(dimension * 0.2));
            }

            Place(values, queryMean, queries.AsSpan(query * dimension, dimension));
        }

        return (rows, queries);
    }

    public static BitsCodec Train(string spec, int dimension, float[] rows, float[] queries, int threads = 1)
    {
        TrainingSample sample = new() { Dimension = dimension, Rows = rows, Queries = queries, Threads = threads };
        return (BitsCodec)new BitsFamily().Train(CodecSpec.Parse(spec), sample, CancellationToken.None);
    }

    public static int[] SingleRows(int count) => [.. Enumerable.Range(0, count + 1)];

    /// <summary>Entries of 1 to <paramref name="maxRowCount"/> rows.</summary>
    public static int[] RandomOffsets(int seed, int entryCount, int maxRowCount)
    {
        Random random = new(seed);
        int[] offsets = new int[entryCount + 1];
        for (int entry = 0; entry < entryCount; entry++)
        {
            offsets[entry + 1] = offsets[entry] + 1 + random.Next(maxRowCount);
        }

        return offsets;
    }

    public static float[] RandomValues(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }

    public static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] RandomDirection(Random random, int dimension, double length)
    {
        double[] values = [.. Enumerable.Range(0, dimension).Select(_ => Gauss(random))];
        double scale = length / Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value * scale)];
    }

    // What is not mean has the length that makes the whole about one long.
    private static void Place(double[] values, double[] mean, Span<float> target)
    {
        double scale = 0.74 / Math.Sqrt(values.Sum(value => value * value));
        for (int k = 0; k < values.Length; k++)
        {
            target[k] = (float)((values[k] * scale) + mean[k]);
        }
    }
}
