using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Clustering;

namespace MultiVecRetrieval.Ann;

/// <summary>Builds inverted lists for <see cref="IvfIndex"/>.</summary>
public static class IvfBuilder
{
    private const int SampleRowsPerList = 40;
    private const int RangeLength = 960;

    /// <summary>Divides rows into lists and writes them: the same bytes for the same rows and options, at any number of threads.</summary>
    /// <param name="read">Gives the rows, of finite values.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="dimension">d, the length of a row.</param>
    /// <param name="options">How to build.</param>
    /// <param name="destination">Where the lists are written, front to back.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a value is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Building was cancelled.</exception>
    public static void Build(
        RowReader read, int rowCount, int dimension, IvfOptions options, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, HnswGraph.MaxDimension);
        options.Check(dimension);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        try
        {
            RowCodec codec = RowCodec.Train(read, rowCount, dimension, options.Seed);
            int wanted = options.ListCount > 0 ? options.ListCount : (int)(4 * Math.Sqrt(rowCount));
            int listCount = Math.Min(rowCount, Math.Max(1, wanted));
            float[] centroids = rowCount == 0 ? [] : Train(read, rowCount, codec, listCount, options, cancellationToken);
            int[] lists = Assign(read, rowCount, codec, centroids, parallel);
            using IvfWriter writer = new(read, codec, centroids, lists, options, parallel);
            writer.Write(destination);
        }
        catch (AggregateException exception) when (exception.InnerException is ArgumentException inner)
        {
            throw new ArgumentException(inner.Message, nameof(read), exception);
        }
    }

    /// <summary>Reads a row, takes off the mean and rotates.</summary>
    internal static void ReadRotated(RowReader read, int index, RowCodec codec, float[] row, Span<float> rotated)
    {
        read(index, row);
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(row)))
        {
            throw new ArgumentException($"Row {index} has a value that is NaN or infinite.", nameof(read));
        }

        codec.Rotate(row, rotated);
    }

    private static float[] Train(RowReader read, int rowCount, RowCodec codec, int listCount, IvfOptions options,
        CancellationToken cancellationToken)
    {
        int sampleCount = (int)Math.Min(rowCount, (long)SampleRowsPerList * listCount);
        float[] sample = new float[checked(sampleCount * codec.CodeLength)];
        float[] row = new float[codec.Mean.Length];
        for (int i = 0; i < sampleCount; i++)
        {
            int index = (int)((long)i * rowCount / sampleCount);
            ReadRotated(read, index, codec, row, sample.AsSpan(i * codec.CodeLength, codec.CodeLength));
        }

        // Rows were drawn already, and a few passes do: what matters is that lists are compact, not that they are optimal.
        KMeansOptions means = new() { IsSpherical = false, Iterations = 6, Seed = options.Seed, Threads = options.Threads };
        return KMeans.Train(codec.CodeLength, sample, listCount, means, cancellationToken);
    }

    private static int[] Assign(RowReader read, int rowCount, RowCodec codec, float[] values, ParallelOptions parallel)
    {
        int[] lists = new int[rowCount];
        if (rowCount == 0)
        {
            return lists;
        }

        Centroids centroids = new(codec.CodeLength, values, isSpherical: false);
        Parallel.For(0, (rowCount + RangeLength - 1) / RangeLength, parallel, range =>
        {
            int first = range * RangeLength;
            int count = Math.Min(RangeLength, rowCount - first);
            float[] row = new float[codec.Mean.Length];
            float[] rotated = new float[count * codec.CodeLength];
            for (int i = 0; i < count; i++)
            {
                ReadRotated(read, first + i, codec, row, rotated.AsSpan(i * codec.CodeLength, codec.CodeLength));
            }

            centroids.FindNearest(rotated, lists.AsSpan(first, count));
        });
        return lists;
    }
}
