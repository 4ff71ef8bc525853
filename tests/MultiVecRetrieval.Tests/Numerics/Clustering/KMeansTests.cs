using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Clustering;

public class KMeansTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_ThreadsAndInstructionSets_GiveTheSameCentroids(bool isSpherical)
    {
        float[] rows = KernelSamples.RandomRows(seed: 1, rowCount: 3_000, dimension: 9).Values.ToArray();
        KMeansOptions options = new() { IsSpherical = isSpherical, Iterations = 4, InstructionSet = InstructionSet.Scalar };
        float[] expected = KMeans.Train(9, rows, 40, options);

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            Assert.Equal(expected, KMeans.Train(9, rows, 40, options with { InstructionSet = instructionSet, Threads = 3 }));
        }

        Assert.NotEqual(expected, KMeans.Train(9, rows, 40, options with { Seed = 2 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_SeparateClusters_FindsEveryOne(bool isSpherical)
    {
        // 12 clusters around orthogonal axes at distance √2; noise of length 0.1 at most.
        const int dimension = 12;
        Random random = new(Seed: 5);
        float[] rows = new float[600 * dimension];
        for (int row = 0; row < 600; row++)
        {
            rows[(row * dimension) + (row % 12)] = 1;
            rows[(row * dimension) + random.Next(dimension)] += 0.1f * random.NextSingle();
        }

        float[] centroids = KMeans.Train(dimension, rows, 12, new KMeansOptions { IsSpherical = isSpherical });

        int[] axes =
            [.. Enumerable.Range(0, 12).Select(id => TensorPrimitives.IndexOfMax<float>(centroids.AsSpan(id * dimension, dimension)))];
        Assert.Equal(Enumerable.Range(0, 12), axes.Order());
    }

    [Fact]
    public void Train_Spherical_CentroidsAreUnitMeansOfTheirCells()
    {
        const int dimension = 6;
        float[] rows = KernelSamples.RandomRows(seed: 3, rowCount: 500, dimension).Values.ToArray();

        float[] centroids = KMeans.Train(dimension, rows, 7, new KMeansOptions { Iterations = 200 });

        // Lloyd's algorithm has ended: the cells that the centroids give have those centroids as directions of their sums.
        int[] cells = new int[500];
        new Centroids(dimension, centroids, isSpherical: true).FindNearest(rows, cells);
        for (int cell = 0; cell < 7; cell++)
        {
            double[] sum = new double[dimension];
            foreach (int row in Enumerable.Range(0, 500).Where(row => cells[row] == cell))
            {
                for (int k = 0; k < dimension; k++)
                {
                    sum[k] += rows[(row * dimension) + k];
                }
            }

            double norm = Math.Sqrt(sum.Sum(x => x * x));
            for (int k = 0; k < dimension; k++)
            {
                Assert.Equal(sum[k] / norm, centroids[(cell * dimension) + k], 1e-7);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_AsManyCentroidsAsDistinctRows_LeavesNoError(bool isSpherical)
    {
        // 30 distinct unit rows, each 20 times: seeding by distance must take each once, and an empty cell restarts at one that is missing.
        const int dimension = 5;
        float[] distinct = KernelSamples.RandomRows(seed: 9, rowCount: 30, dimension).Values.ToArray();
        for (int row = 0; row < 30; row++)
        {
            Span<float> values = distinct.AsSpan(row * dimension, dimension);
            TensorPrimitives.Divide(values, TensorPrimitives.Norm<float>(values), values);
        }

        float[] rows = [.. Enumerable.Range(0, 20).SelectMany(_ => distinct)];

        float[] centroids = KMeans.Train(dimension, rows, 30, new KMeansOptions { IsSpherical = isSpherical });

        int[] cells = new int[30];
        new Centroids(dimension, centroids, isSpherical).FindNearest(distinct, cells);
        Assert.Equal(30, cells.Distinct().Count());
        for (int row = 0; row < 30; row++)
        {
            float distance =
                TensorPrimitives.Distance<float>(distinct.AsSpan(row * dimension, dimension),
                centroids.AsSpan(cells[row] * dimension, dimension));
            Assert.Equal(0, distance, 1e-6);
        }
    }

    [Fact]
    public void Train_FewerDistinctRowsThanCentroids_RepeatsSome()
    {
        float[] rows = [1, 0, 0, 1, 1, 0, 0, 1, 0, 0];

        float[] centroids = KMeans.Train(2, rows, 4);

        Assert.Equal(8, centroids.Length);
        int[] cells = new int[2];
        float[] similarities = new float[2];
        new Centroids(2, centroids, isSpherical: true).FindNearest(rows.AsSpan(0, 4), cells, similarities);
        Assert.Equal([1f, 1f], similarities);
    }

    [Fact]
    public void Train_ManyCentroids_TwoLevelsComeCloseToOne()
    {
        // 500 centroids of 3,000 rows around 200 points: a mean similarity beside that of as many rows drawn at random.
        const int dimension = 8;
        Random random = new(Seed: 4);
        float[] points = KernelSamples.RandomRows(seed: 4, rowCount: 200, dimension).Values.ToArray();
        float[] rows = new float[3_000 * dimension];
        for (int row = 0; row < 3_000; row++)
        {
            Span<float> target = rows.AsSpan(row * dimension, dimension);
            points.AsSpan(random.Next(200) * dimension, dimension).CopyTo(target);
            foreach (ref float value in target)
            {
                value += 0.1f * (random.NextSingle() - 0.5f);
            }

            TensorPrimitives.Divide(target, TensorPrimitives.Norm<float>(target), target);
        }

        float[] centroids = KMeans.Train(dimension, rows, 500, new KMeansOptions { Iterations = 4, MaxFlatCount = 100 });

        Assert.Equal(500 * dimension, centroids.Length);
        double trained = GetMeanDistance(dimension, centroids, rows);
        double drawn = GetMeanDistance(dimension, rows.AsSpan(0, 500 * dimension), rows.AsSpan(500 * dimension));
        Assert.True(trained < 0.7 * drawn, $"1 - cosine: trained {trained}, drawn {drawn}");
    }

    [Fact]
    public void Train_MoreRowsThanTheCap_TakesOneOfEachRun()
    {
        float[] rows = [.. Enumerable.Range(0, 1_000).Select(i => (float)i)];

        ReadOnlySpan<float> sample = KMeans.TakeSample(rows, dimension: 1, maxRowCount: 100, seed: 3).Span;

        Assert.Equal(100, sample.Length);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i, (int)sample[i] / 10);
        }
    }

    [Fact]
    public void Train_BadInput_Throws()
    {
        Assert.Contains("3 centroids need at least as many rows; there are 2",
            Assert.Throws<ArgumentException>(() => KMeans.Train(2, new float[4], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => KMeans.Train(2, new float[5], 1));
        Assert.Throws<ArgumentException>(() => KMeans.Train(1, new[] { 1f, float.NaN }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => KMeans.Train(1, new float[5], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => KMeans.Train(1, new float[5], 1, new KMeansOptions { Iterations = 0 }));
        Assert.Throws<OperationCanceledException>(() => KMeans.Train(1, new float[5], 1, null, new CancellationToken(canceled: true)));
    }

    private static double GetMeanDistance(int dimension, ReadOnlySpan<float> centroids, ReadOnlySpan<float> rows)
    {
        float[] similarities = new float[rows.Length / dimension];
        new Centroids(dimension, centroids, isSpherical: true).FindNearest(rows, new int[similarities.Length], similarities);
        return similarities.Average(x => 1.0 - x);
    }
}
