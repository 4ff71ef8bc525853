using System.Numerics;
using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Codes;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>What codes tell of each other, as Spearman's rank correlation over pairs of rows with the cosine of the rows
/// themselves.</summary>
public class CodeIdsTests(ITestOutputHelper output)
{
    private const int Dimension = 32;

    [Theory]
    [InlineData(256)]
    [InlineData(200)]
    public void Similarity_OfRowPairs_FollowsTheirCosine(int centroidCount)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 4, Dimension, 3_000);
        TrainingSample sample = new() { Dimension = Dimension, Rows = entries.Values };
        Codebook codebook = CodeParameters.Train(default, new CodeArgument(centroidCount, 0), sample, CancellationToken.None).First;
        int[] shuffled = [.. Enumerable.Range(0, centroidCount)];
        new Random(Seed: 8).Shuffle(shuffled);
        int[] codes = codebook.Encode(entries.Values);
        double[] table = GetHammingTable(codebook);
        Random random = new(Seed: 5);
        (int X, int Y)[] pairs =
            [.. Enumerable.Range(0, 20_000).Select(_ => (random.Next(3_000), random.Next(3_000))).Where(pair => pair.Item1 != pair.Item2)];
        double[] cosines = [.. pairs.Select(pair => (double)TensorPrimitives.Dot(Row(pair.X), Row(pair.Y)))];

        double arbitrary =
            Correlate(cosines,
            [.. pairs.Select(pair => -(double)BitOperations.PopCount((uint)(shuffled[codes[pair.X]] ^ shuffled[codes[pair.Y]])))]);
        double assigned = Correlate(cosines, [.. pairs.Select(pair => table[(codes[pair.X] * centroidCount) + codes[pair.Y]])]);

        output.WriteLine($"K = {centroidCount}: Hamming of assigned ids {assigned:f3}, of arbitrary ids {arbitrary:f3}");

        // Of arbitrary ids only pairs of one cell (one in K) are told apart from the others.
        Assert.InRange(arbitrary, -0.1, 0.15);
        Assert.InRange(assigned, arbitrary + 0.25, 1);

        ReadOnlySpan<float> Row(int row) => entries.Values.AsSpan(row * Dimension, Dimension);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1_100)] // beyond what swaps look at
    public void Arrange_AnyCount_IsAPermutationAndTheSameAgain(int count)
    {
        float[] centroids = KernelSamples.RandomRows(seed: count, count, dimension: 5).Values.ToArray();

        float[] arranged = CodeIds.Arrange(5, centroids, seed: 1, CancellationToken.None);

        Assert.Equal(Rows(centroids).Order(), Rows(arranged).Order());
        Assert.Equal(arranged, CodeIds.Arrange(5, centroids, seed: 1, CancellationToken.None));

        static string[] Rows(float[] values) => [.. values.Chunk(5).Select(row => string.Join(' ', row))];
    }

    [Fact]
    public void CodeTable_Hamming_IsItsDefinition()
    {
        float[] centroids = [1, 0, 0, 0.6f, 0.8f, 0, -0.6f, 0, 0.8f, 0, -1, 0];
        Codebook codebook = new(3, centroids, isSpherical: true);
        MultiVectorView query = new(3, [0.5f, 0.6f, 0]); // nearest: code 1

        Assert.Equal([0f, 1f, -1f, 0f], new CodeTable(codebook, query, CodeSimilarity.Hamming).Similarities);
    }

    private static double[] GetHammingTable(Codebook codebook)
    {
        CodeTable table = new(codebook, new MultiVectorView(Dimension, codebook.Values), CodeSimilarity.Hamming);
        return [.. table.Similarities.Select(value => (double)value)];
    }

    // Pearson's correlation of the ranks; equal values share the mean of their ranks.
    private static double Correlate(double[] x, double[] y)
    {
        double[] a = Rank(x);
        double[] b = Rank(y);
        double mean = (x.Length - 1) / 2.0;
        double covariance = 0, varianceA = 0, varianceB = 0;
        for (int i = 0; i < x.Length; i++)
        {
            covariance += (a[i] - mean) * (b[i] - mean);
            varianceA += (a[i] - mean) * (a[i] - mean);
            varianceB += (b[i] - mean) * (b[i] - mean);
        }

        return covariance / Math.Sqrt(varianceA * varianceB);
    }

    private static double[] Rank(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        double[] ranks = new double[values.Length];
        for (int first = 0, end; first < order.Length; first = end)
        {
            for (end = first; end < order.Length && values[order[end]] == values[order[first]]; end++)
            {
            }

            for (int i = first; i < end; i++)
            {
                ranks[order[i]] = (first + end - 1) / 2.0;
            }
        }

        return ranks;
    }
}
