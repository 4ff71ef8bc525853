using System.Numerics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Numbers centroids so that ids that differ in few bits belong to centroids that are near each other.</summary>
/// <remarks>
/// <para>k-means leaves ids in arbitrary order, and their Hamming distance means nothing. First the centroids are bisected along their
/// principal direction, again and again: each cut is a bit. Then pairs of ids are swapped while that brings Hamming distances closer to
/// distances, worse ones being allowed within a threshold that falls to zero (threshold accepting, so that no transcendental function
/// decides).</para>
/// <para>Source: Douze, Jégou and Perronnin, Polysemous codes, ECCV 2016, arXiv:1609.01882.</para>
/// </remarks>
internal static class CodeIds
{
    private const int PowerIterationCount = 12;
    private const int MaxSwapCount = 1_024;
    private const int SwapsPerCentroid = 400;

    /// <summary>The bits of an id of <paramref name="count"/>.</summary>
    public static int GetBitCount(int count) => BitOperations.Log2((uint)count - 1) + 1;

    /// <summary>The centroids in the order of their new ids.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="centroids">[K × d], K at least 2.</param>
    /// <param name="seed">Seed of the swaps.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static float[] Arrange(int dimension, float[] centroids, int seed, CancellationToken cancellationToken)
    {
        int count = centroids.Length / dimension;
        int[] order = [.. Enumerable.Range(0, count)];
        Bisect(dimension, centroids, order);
        if (count <= MaxSwapCount)
        {
            Swap(GetTargets(dimension, centroids), order, seed, cancellationToken);
        }

        float[] arranged = new float[centroids.Length];
        for (int id = 0; id < count; id++)
        {
            centroids.AsSpan(order[id] * dimension, dimension).CopyTo(arranged.AsSpan(id * dimension));
        }

        return arranged;
    }

    // The half of the ids with the highest bit zero goes to one side of the principal direction; then each half on its own.
    private static void Bisect(int dimension, float[] centroids, Span<int> order)
    {
        if (order.Length < 2)
        {
            return;
        }

        double[] direction = FindPrincipalDirection(dimension, centroids, order);
        double[] projections = new double[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ReadOnlySpan<float> centroid = centroids.AsSpan(order[i] * dimension, dimension);
            for (int k = 0; k < dimension; k++)
            {
                projections[i] += centroid[k] * direction[k];
            }
        }

        projections.AsSpan().Sort(order);
        int half = 1 << (GetBitCount(order.Length) - 1);
        Bisect(dimension, centroids, order[..half]);
        Bisect(dimension, centroids, order[half..]);
    }

    private static double[] FindPrincipalDirection(int dimension, float[] centroids, ReadOnlySpan<int> order)
    {
        double[] mean = new double[dimension];
        foreach (int index in order)
        {
            for (int k = 0; k < dimension; k++)
            {
                mean[k] += (double)centroids[(index * dimension) + k] / order.Length;
            }
        }

        // A fixed start that no direction is likely to be orthogonal to.
        double[] direction = [.. Enumerable.Range(0, dimension).Select(k => 1.0 + (k % 7) - (k % 3))];
        for (int iteration = 0; iteration < PowerIterationCount; iteration++)
        {
            double[] next = new double[dimension];
            foreach (int index in order)
            {
                double projection = 0;
                for (int k = 0; k < dimension; k++)
                {
                    projection += (centroids[(index * dimension) + k] - mean[k]) * direction[k];
                }

                for (int k = 0; k < dimension; k++)
                {
                    next[k] += projection * (centroids[(index * dimension) + k] - mean[k]);
                }
            }

            double norm = Math.Sqrt(next.Sum(x => x * x));
            if (norm == 0)
            {
                break;
            }

            for (int k = 0; k < dimension; k++)
            {
                direction[k] = next[k] / norm;
            }
        }

        return direction;
    }

    // Distances, shifted and scaled to the mean and the deviation that Hamming distances of all pairs of ids have.
    private static double[] GetTargets(int dimension, float[] centroids)
    {
        int count = centroids.Length / dimension;
        double[] distances = new double[count * count];
        (double Sum, double Squares) distance = default, hamming = default;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double value = Rounding.Distance(centroids.AsSpan(i * dimension, dimension), centroids.AsSpan(j * dimension, dimension));
                distances[(i * count) + j] = distances[(j * count) + i] = value;
                distance = (distance.Sum + value, distance.Squares + (value * value));
                int bits = BitOperations.PopCount((uint)(i ^ j));
                hamming = (hamming.Sum + bits, hamming.Squares + (bits * bits));
            }
        }

        double pairCount = count * (count - 1) / 2.0;
        double mean = distance.Sum / pairCount;
        double hammingMean = hamming.Sum / pairCount;
        double variance = (distance.Squares / pairCount) - (mean * mean);
        double scale = variance > 0 ? Math.Sqrt(Math.Max(0, (hamming.Squares / pairCount) - (hammingMean * hammingMean)) / variance) : 0;
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = ((distances[i] - mean) * scale) + hammingMean;
        }

        return distances;
    }

    private static void Swap(double[] targets, int[] order, int seed, CancellationToken cancellationToken)
    {
        int count = order.Length;
        int swapCount = SwapsPerCentroid * count;
        Random random = new(seed);
        double firstThreshold = count / 16.0;
        for (int step = 0; step < swapCount; step++)
        {
            if (step % 4_096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int a = random.Next(count);
            int b = random.Next(count - 1);
            b += b >= a ? 1 : 0;
            if (GetChange(targets, order, a, b) < firstThreshold * (swapCount - step - 1) / swapCount)
            {
                (order[a], order[b]) = (order[b], order[a]);
            }
        }
    }

    // What swapping ids a and b adds to Σ (Hamming - target)² / 2: the Hamming distances stay with the ids, the targets move.
    private static double GetChange(double[] targets, int[] order, int a, int b)
    {
        int count = order.Length;
        ReadOnlySpan<double> targetsOfA = targets.AsSpan(order[a] * count, count);
        ReadOnlySpan<double> targetsOfB = targets.AsSpan(order[b] * count, count);
        double change = 0;
        for (int id = 0; id < count; id++)
        {
            if (id == a || id == b)
            {
                continue;
            }

            int other = order[id];
            int difference = BitOperations.PopCount((uint)(id ^ a)) - BitOperations.PopCount((uint)(id ^ b));

            // (h_a - t_b)² + (h_b - t_a)² - (h_a - t_a)² - (h_b - t_b)² = 2 (h_a - h_b)(t_a - t_b).
            change += difference * (targetsOfA[other] - targetsOfB[other]);
        }

        return change;
    }
}
