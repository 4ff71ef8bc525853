namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>The covariance of rows.</summary>
internal static class Covariance
{
    // Rows whose products are added in float32 before they go on in float64.
    private const int BatchRowCount = 64;
    private const int TileRowCount = 16;

    /// <summary>Computes Σ x xᵀ / n.</summary>
    /// <param name="centeredRows">[n × d], less their mean.</param>
    /// <param name="dimension">d.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>[d × d], symmetric.</returns>
    public static double[] Compute(float[] centeredRows, int dimension, int threads, CancellationToken cancellationToken)
    {
        double[] sums = new double[dimension * dimension];
        int tileCount = (dimension + TileRowCount - 1) / TileRowCount;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        Parallel.For(0, tileCount, options, tile => AddTile(centeredRows, dimension, tile * TileRowCount, sums));
        double scale = 1.0 / Math.Max(1, centeredRows.Length / dimension);
        for (int i = 0; i < dimension; i++)
        {
            for (int j = i; j < dimension; j++)
            {
                double value = sums[(i * dimension) + j] * scale;
                sums[(i * dimension) + j] = value;
                sums[(j * dimension) + i] = value;
            }
        }

        return sums;
    }

    // The part right of the diagonal, of some rows; each element adds in the order of the rows.
    private static void AddTile(float[] rows, int dimension, int first, double[] sums)
    {
        int end = Math.Min(dimension, first + TileRowCount);
        float[] batch = new float[TileRowCount * dimension];
        for (int start = 0; start < rows.Length; start += BatchRowCount * dimension)
        {
            batch.AsSpan().Clear();
            int stop = Math.Min(rows.Length, start + (BatchRowCount * dimension));
            for (int offset = start; offset < stop; offset += dimension)
            {
                ReadOnlySpan<float> row = rows.AsSpan(offset, dimension);
                for (int i = first; i < end; i++)
                {
                    RowOperations.AddScaled(row[i], row[i..], batch.AsSpan(((i - first) * dimension) + i, dimension - i));
                }
            }

            for (int i = first; i < end; i++)
            {
                RowOperations.AddScaled(1.0, batch.AsSpan(((i - first) * dimension) + i, dimension - i),
                    sums.AsSpan((i * dimension) + i, dimension - i));
            }
        }
    }
}
