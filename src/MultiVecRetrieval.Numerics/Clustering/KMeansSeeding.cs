namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>Chooses rows to start k-means from.</summary>
/// <remarks>
/// A row is drawn with a probability in proportion to its squared distance to the seeds so far; ⌈k / 256⌉ rows per round, so that a large k
/// costs 256 passes over the rows. Up to 16 rows per seed, and at least 16,384, are looked at. Distances are rounded to a fraction of the
/// row's length, so that a row that is a seed already is not drawn again because of rounding.
/// </remarks>
internal static class KMeansSeeding
{
    private const int RoundCount = 256;
    private const int MinRowCount = 16_384;
    private const int RowsPerSeed = 16;
    private const int PartRowCount = 960;

    /// <summary>The seeds, [k × d]; of unit length for spherical k-means.</summary>
    public static float[] Choose(
        int dimension, ReadOnlyMemory<float> allRows, int centroidCount, KMeansOptions options, ParallelOptions parallel)
    {
        int seed = unchecked((options.Seed * 31) + 7);
        ReadOnlyMemory<float> rows = KMeans.TakeSample(allRows, dimension, Math.Max(MinRowCount, (long)RowsPerSeed * centroidCount), seed);
        int rowCount = rows.Length / dimension;
        Random random = new(seed);
        float[] seeds = new float[centroidCount * dimension];
        double[] distances = new double[rowCount];
        double[] squaredNorms = new double[rowCount];
        for (int row = 0; row < rowCount; row++)
        {
            squaredNorms[row] = GetSquaredNorm(rows.Span.Slice(row * dimension, dimension));
        }

        Array.Fill(distances, 1);
        int batchSize = (centroidCount + RoundCount - 1) / RoundCount;
        for (int count = 0; count < centroidCount;)
        {
            // The first round is one uniform choice: there is nothing yet to be far from.
            int newCount = count == 0 ? 1 : Math.Min(batchSize, centroidCount - count);
            foreach (int row in Draw(random, distances, newCount))
            {
                CopySeed(rows.Span.Slice(row * dimension, dimension), options.IsSpherical, seeds.AsSpan(count * dimension, dimension));
                count++;
            }

            Centroids newSeeds = new(
                dimension, seeds.AsSpan((count - newCount) * dimension, newCount * dimension), options.IsSpherical, options.InstructionSet);
            bool isFirst = count == newCount;
            if (count < centroidCount)
            {
                Reduce(rows, newSeeds, squaredNorms, distances, isFirst, parallel);
            }
        }

        return seeds;
    }

    /// <summary>The squared distance of a row to a centroid; of the row's direction, when that is all that counts. 0 when it is no more
    /// than rounding.</summary>
    public static double GetDistance(double squaredNorm, float similarity, bool isSpherical)
    {
        // |x - c|² = |x|² - 2(⟨x, c⟩ - |c|²/2); with directions, 2 - 2⟨x, c⟩/|x|.
        double norm = Math.Sqrt(squaredNorm);
        double distance = isSpherical ? 2 * (norm - similarity) : squaredNorm - (2.0 * similarity);
        double rounding = 1e-5 * (isSpherical ? norm : squaredNorm);
        return distance > rounding ? distance : 0;
    }

    /// <summary>|x|², in float64 in the order of the dimensions.</summary>
    public static double GetSquaredNorm(ReadOnlySpan<float> row)
    {
        double squaredNorm = 0;
        foreach (float value in row)
        {
            squaredNorm += (double)value * value;
        }

        return squaredNorm;
    }

    /// <summary>Copies a row as a centroid.</summary>
    public static void CopySeed(ReadOnlySpan<float> row, bool isSpherical, Span<float> seed)
    {
        double squaredNorm = GetSquaredNorm(row);
        double divisor = isSpherical && squaredNorm > 0 ? Math.Sqrt(squaredNorm) : 1;
        for (int k = 0; k < row.Length; k++)
        {
            seed[k] = (float)(row[k] / divisor);
        }
    }

    private static void Reduce(ReadOnlyMemory<float> rows, Centroids seeds, double[] squaredNorms, double[] distances, bool isFirst,
        ParallelOptions parallel)
    {
        int dimension = seeds.Dimension;
        Parallel.For(0, (distances.Length + PartRowCount - 1) / PartRowCount, parallel, part =>
        {
            int first = part * PartRowCount;
            Span<double> partDistances = distances.AsSpan(first, Math.Min(PartRowCount, distances.Length - first));
            ReadOnlySpan<float> partRows = rows.Span.Slice(first * dimension, partDistances.Length * dimension);
            Span<int> nearest = stackalloc int[PartRowCount];
            Span<float> similarities = stackalloc float[PartRowCount];
            seeds.FindNearest(partRows, nearest[..partDistances.Length], similarities[..partDistances.Length]);
            for (int row = 0; row < partDistances.Length; row++)
            {
                double distance = GetDistance(squaredNorms[first + row], similarities[row], seeds.IsSpherical);
                partDistances[row] = isFirst ? distance : Math.Min(partDistances[row], distance);
            }
        });
    }

    // Without replacement within a round. When every row is a seed already, whatever is left is drawn.
    private static int[] Draw(Random random, double[] distances, int count)
    {
        int[] drawn = new int[count];
        double total = 0;
        foreach (double distance in distances)
        {
            total += distance;
        }

        double[] targets = new double[count];
        for (int i = 0; i < count; i++)
        {
            targets[i] = random.NextDouble() * total;
        }

        Array.Sort(targets);
        double sum = 0;
        int taken = 0;
        for (int row = 0; row < distances.Length && taken < count; row++)
        {
            sum += distances[row];
            bool isDue = distances[row] > 0 && sum > targets[taken];
            if (isDue || distances.Length - row == count - taken)
            {
                drawn[taken++] = row;
            }
        }

        return drawn;
    }
}
