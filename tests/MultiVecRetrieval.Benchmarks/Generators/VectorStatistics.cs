using System.Numerics.Tensors;

namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>What describes a set of rows: mean, spectrum, and how many cells of a codebook a page touches.</summary>
internal static class VectorStatistics
{
    /// <summary>The mean row.</summary>
    public static float[] GetMean(ReadOnlySpan<float> rows, int dimension)
    {
        float[] mean = new float[dimension];
        for (int offset = 0; offset < rows.Length; offset += dimension)
        {
            TensorPrimitives.Add(mean, rows.Slice(offset, dimension), mean);
        }

        TensorPrimitives.Divide(mean, (float)(rows.Length / dimension), mean);
        return mean;
    }

    /// <summary>The largest eigenvalues of the covariance, falling, as shares of the whole variance; by orthogonal iteration.</summary>
    public static double[] GetSpectrum(ReadOnlySpan<float> rows, int dimension, int count)
    {
        float[] covariance = GetCovariance(rows, dimension);
        double trace = 0;
        for (int k = 0; k < dimension; k++)
        {
            trace += covariance[(k * dimension) + k];
        }

        SeededStream random = new(seed: 1, StreamKind.Pool, index: 0);
        float[][] basis = [.. Enumerable.Range(0, count).Select(_ => new float[dimension])];
        foreach (float[] direction in basis)
        {
            for (int k = 0; k < dimension; k++)
            {
                direction[k] = random.NextNormal();
            }
        }

        double[] values = new double[count];
        for (int iteration = 0; iteration < 40; iteration++)
        {
            for (int i = 0; i < count; i++)
            {
                float[] image = new float[dimension];
                for (int k = 0; k < dimension; k++)
                {
                    image[k] = TensorPrimitives.Dot<float>(covariance.AsSpan(k * dimension, dimension), basis[i]);
                }

                for (int earlier = 0; earlier < i; earlier++)
                {
                    TensorPrimitives.MultiplyAdd(basis[earlier], -TensorPrimitives.Dot<float>(image, basis[earlier]), image, image);
                }

                values[i] = TensorPrimitives.Norm<float>(image);
                TensorPrimitives.Divide(image, (float)values[i], image);
                basis[i] = image;
            }
        }

        return [.. values.OrderDescending().Select(value => value / trace)];
    }

    /// <summary>e of λ(k) ∝ k^-e, fitted by least squares to the logarithms of the values from rank 2 on.</summary>
    public static double FitExponent(ReadOnlySpan<double> spectrum)
    {
        double sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
        int count = spectrum.Length - 1;
        for (int i = 1; i < spectrum.Length; i++)
        {
            double x = Math.Log(i + 1);
            double y = Math.Log(spectrum[i]);
            sumX += x;
            sumY += y;
            sumXX += x * x;
            sumXY += x * y;
        }

        return -((count * sumXY) - (sumX * sumY)) / ((count * sumXX) - (sumX * sumX));
    }

    /// <summary>Spherical k-means: plain Lloyd iterations from rows spread over the sample. Unit rows in, [k × d] unit rows out.</summary>
    public static float[] TrainCentroids(float[] rows, int dimension, int centroidCount, int iterationCount)
    {
        int rowCount = rows.Length / dimension;
        float[] centroids = new float[centroidCount * dimension];
        for (int c = 0; c < centroidCount; c++)
        {
            rows.AsSpan((int)((long)c * rowCount / centroidCount) * dimension, dimension).CopyTo(centroids.AsSpan(c * dimension));
        }

        for (int iteration = 0; iteration < iterationCount; iteration++)
        {
            float[] sums = new float[centroids.Length];
            for (int i = 0; i < rowCount; i++)
            {
                ReadOnlySpan<float> row = rows.AsSpan(i * dimension, dimension);
                Span<float> sum = sums.AsSpan(FindNearest(centroids, row) * dimension, dimension);
                TensorPrimitives.Add(sum, row, sum);
            }

            for (int c = 0; c < centroidCount; c++)
            {
                Span<float> sum = sums.AsSpan(c * dimension, dimension);
                float norm = TensorPrimitives.Norm<float>(sum);
                if (norm > 0)
                {
                    TensorPrimitives.Divide(sum, norm, centroids.AsSpan(c * dimension, dimension));
                }
            }
        }

        return centroids;
    }

    /// <summary>How many different centroids are the nearest of some row.</summary>
    public static int CountCodes(float[] centroids, ReadOnlySpan<float> rows, int dimension)
    {
        HashSet<int> codes = [];
        for (int offset = 0; offset < rows.Length; offset += dimension)
        {
            codes.Add(FindNearest(centroids, rows.Slice(offset, dimension)));
        }

        return codes.Count;
    }

    private static int FindNearest(float[] centroids, ReadOnlySpan<float> row)
    {
        int best = 0;
        float bestScore = float.NegativeInfinity;
        for (int c = 0; c < centroids.Length / row.Length; c++)
        {
            float score = TensorPrimitives.Dot(row, centroids.AsSpan(c * row.Length, row.Length));
            if (score > bestScore)
            {
                (best, bestScore) = (c, score);
            }
        }

        return best;
    }

    private static float[] GetCovariance(ReadOnlySpan<float> rows, int dimension)
    {
        float[] mean = GetMean(rows, dimension);
        float[] covariance = new float[dimension * dimension];
        float[] centred = new float[dimension];
        for (int offset = 0; offset < rows.Length; offset += dimension)
        {
            TensorPrimitives.Subtract(rows.Slice(offset, dimension), mean, centred);
            for (int k = 0; k < dimension; k++)
            {
                Span<float> line = covariance.AsSpan(k * dimension, dimension);
                TensorPrimitives.MultiplyAdd(centred, centred[k], line, line);
            }
        }

        TensorPrimitives.Divide(covariance, (float)(rows.Length / dimension), covariance);
        return covariance;
    }
}
