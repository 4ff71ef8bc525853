using System.Numerics.Tensors;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>k-means: k centroids that stand for many rows, the same ones for any number of threads and at every instruction set.</summary>
/// <remarks>
/// <para>Seeds are drawn by squared distance from a part of the rows (Arthur and Vassilvitskii, k-means++, SODA 2007), several at a time
/// for large k. Lloyd's passes follow; a cell that loses all its rows restarts at the row that is farthest from its centroid.</para>
/// <para>Above 4,096 centroids the rows are first divided into √k groups, and each group trains a share of the centroids in proportion to
/// how far its rows lie from their mean, so that rows which repeat take few; the centroids of a group lie side by side. That costs √k and
/// not k products per row and pass.</para>
/// <para>Sums of a cell are added in float64 in the order of its rows, so nothing depends on how the work is divided.</para>
/// </remarks>
public static class KMeans
{
    /// <summary>Trains centroids.</summary>
    /// <param name="dimension">d, the length of a row.</param>
    /// <param name="rows">Finite rows, [rows × d] row-major; at least <paramref name="centroidCount"/>.</param>
    /// <param name="centroidCount">k, at least 1.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between parts of a pass.</param>
    /// <returns>The centroids, [k × d] row-major. When there are fewer than k distinct rows, some are equal.</returns>
    /// <exception cref="ArgumentException">There are fewer rows than centroids, no whole number of rows, or a value is not
    /// finite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static float[] Train(
        int dimension, ReadOnlyMemory<float> rows, int centroidCount, KMeansOptions? options = null,
            CancellationToken cancellationToken = default)
    {
        options ??= new KMeansOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(centroidCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Iterations, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRowsPerCentroid, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        if (rows.Length % dimension != 0)
        {
            throw new ArgumentException($"{rows.Length} values are no whole number of rows of d = {dimension}.", nameof(rows));
        }

        if (rows.Length / dimension < centroidCount)
        {
            throw new ArgumentException($"{centroidCount} centroids need at least as many rows; there are {rows.Length / dimension}.",
                nameof(rows));
        }

        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(rows.Span)))
        {
            throw new ArgumentException("A row has a value that is NaN or infinite.", nameof(rows));
        }

        long maxRowCount = (long)options.MaxRowsPerCentroid * centroidCount;
        ReadOnlyMemory<float> sample = TakeSample(rows, dimension, maxRowCount, options.Seed);
        return centroidCount <= options.MaxFlatCount
            ? new KMeansTraining(dimension, sample, centroidCount, options, cancellationToken).Run()
            : TrainGroups(dimension, sample, centroidCount, options, cancellationToken);
    }

    /// <summary>One row from each of <paramref name="maxRowCount"/> equal runs of rows, or all when there are no more.</summary>
    internal static ReadOnlyMemory<float> TakeSample(ReadOnlyMemory<float> rows, int dimension, long maxRowCount, int seed)
    {
        int rowCount = rows.Length / dimension;
        if (rowCount <= maxRowCount)
        {
            return rows;
        }

        Random random = new(seed);
        float[] sample = new float[checked((int)maxRowCount * dimension)];
        for (int i = 0; i < maxRowCount; i++)
        {
            int first = (int)(i * (long)rowCount / maxRowCount);
            int end = (int)((i + 1) * (long)rowCount / maxRowCount);
            rows.Span.Slice(random.Next(first, end) * dimension, dimension).CopyTo(sample.AsSpan(i * dimension));
        }

        return sample;
    }

    private static float[] TrainGroups(
        int dimension, ReadOnlyMemory<float> rows, int centroidCount, KMeansOptions options, CancellationToken cancellationToken)
    {
        int groupCount = (int)Math.Ceiling(Math.Sqrt(centroidCount));
        KMeansTraining coarse = new(dimension, rows, groupCount, options, cancellationToken);
        coarse.Run();
        int[] shares = Divide(centroidCount, coarse.GetCellDistortions(), coarse.CellOffsets);
        float[] centroids = new float[centroidCount * dimension];
        int firstCentroid = 0;
        for (int group = 0; group < groupCount; group++)
        {
            if (shares[group] == 0)
            {
                continue;
            }

            float[] groupRows = coarse.GetRowsOfCell(group);
            new KMeansTraining(dimension, groupRows, shares[group], options, cancellationToken).Run()
                .CopyTo(centroids.AsSpan(firstCentroid * dimension));
            firstCentroid += shares[group];
        }

        return centroids;
    }

    // Shares in proportion to the distortions, by largest remainder, never more than the rows of the group; to the rows where none lies
    // apart from its mean.
    private static int[] Divide(int centroidCount, double[] distortions, int[] cellOffsets)
    {
        int groupCount = cellOffsets.Length - 1;
        int[] shares = new int[groupCount];
        int[] order = [.. Enumerable.Range(0, groupCount)];
        double[] remainders = new double[groupCount];
        double total = distortions.Sum();
        int left = centroidCount;
        for (int group = 0; group < groupCount; group++)
        {
            int rowCount = cellOffsets[group + 1] - cellOffsets[group];
            double exact = centroidCount * (total > 0 ? distortions[group] / total : (double)rowCount / cellOffsets[^1]);
            shares[group] = (int)Math.Min(exact, rowCount);
            remainders[group] = exact - shares[group];
            left -= shares[group];
        }

        Array.Sort(order, (a, b) => remainders[b] != remainders[a] ? remainders[b].CompareTo(remainders[a]) : a.CompareTo(b));
        while (left > 0)
        {
            foreach (int group in order)
            {
                if (left > 0 && shares[group] < cellOffsets[group + 1] - cellOffsets[group])
                {
                    shares[group]++;
                    left--;
                }
            }
        }

        return shares;
    }
}
