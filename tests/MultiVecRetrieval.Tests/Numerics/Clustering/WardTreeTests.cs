using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Reduction;
using MultiVecRetrieval.Tests.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Clustering;

/// <summary>Against scipy's clusters (tests/golden/reduction/make.py) and against the definition.</summary>
public class WardTreeTests
{
    private const int RowCount = 180;
    private const int Dimension = 24;

    private static readonly int[] Factors = [2, 3, 5, 9, 30];

    [Fact]
    public void SquaredDistances_GoldenRows_AreThoseOfScipy()
    {
        double[] expected = MemoryMarshal.Cast<byte, double>(ReadGolden("heights.f64")).ToArray();

        float[] actual = [.. WardTree.Build(new PaddedRows(ReadRows().View)).SquaredDistances];

        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // A squared distance comes from at most n updates of four roundings each.
            Assert.Equal(expected[i] * expected[i], actual[i], expected[i] * expected[i] * RowCount * 4 / (1 << 24));
        }
    }

    [Fact]
    public void Cut_GoldenRows_GivesTheClustersOfScipy()
    {
        WardTree tree = WardTree.Build(new PaddedRows(ReadRows().View));

        for (int i = 0; i < Factors.Length; i++)
        {
            Assert.Equal(ReadLabels("ward.txt", i), tree.Cut(RowCount / Factors[i]));
        }
    }

    [Fact]
    public void Cut_RowsOfSimilarities_GivesTheClustersOfColpaliEngine()
    {
        WardTree tree = WardTree.Build(ClusterRows.OfSimilarities(ReadRows().View));

        for (int i = 0; i < Factors.Length; i++)
        {
            Assert.Equal(ReadLabels("colpali.txt", i), tree.Cut(RowCount / Factors[i]));
        }
    }

    [Theory]
    [InlineData(40, 8)]
    [InlineData(6, 16)] // fewer rows than dimensions: C has directions without rows
    public void OfSimilarities_AnyRows_KeepsTheDistancesOfTheSimilarityRows(int rowCount, int dimension)
    {
        MultiVector rows = ReductionSamples.Page(seed: 5, 1, rowCount, dimension);

        PaddedRows mapped = ClusterRows.OfSimilarities(rows.View);

        for (int i = 0; i < rowCount; i++)
        {
            for (int j = 0; j < rowCount; j++)
            {
                double expected = 0;
                double actual = 0;
                for (int k = 0; k < rowCount; k++)
                {
                    double difference = ReductionSamples.Dot(rows.Row(i), rows.Row(k)) - ReductionSamples.Dot(rows.Row(j), rows.Row(k));
                    expected += difference * difference;
                }

                for (int k = 0; k < dimension; k++)
                {
                    double difference = (double)mapped.Row(i)[k] - mapped.Row(j)[k];
                    actual += difference * difference;
                }

                // Values of at most √n are rounded to float32: a distance moves by at most √d · √n · 2⁻²³.
                double step = Math.Sqrt(dimension * rowCount) / (1 << 23);
                Assert.InRange(Math.Sqrt(actual), Math.Sqrt(expected) - step, Math.Sqrt(expected) + step);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Cut_FewRows_MergesAtEachStepThePairThatRaisesTheSumOfSquaresLeast(int seed)
    {
        MultiVector rows = ReductionSamples.Page(seed, 5, 8, 12);
        WardTree tree = WardTree.Build(new PaddedRows(rows.View));

        List<List<int>> clusters = [.. Enumerable.Range(0, rows.RowCount).Select(i => new List<int> { i })];
        while (clusters.Count > 1)
        {
            (List<int> a, List<int> b) = clusters
                .SelectMany((first, i) => clusters.Skip(i + 1).Select(second => (first, second)))
                .MinBy(pair => Spread(rows, [.. pair.first, .. pair.second]) - Spread(rows, pair.first) - Spread(rows, pair.second));
            clusters.Remove(a);
            clusters.Remove(b);
            clusters.Add([.. a, .. b]);
            Assert.Equal(Label(clusters, rows.RowCount), tree.Cut(clusters.Count));
        }
    }

    [Fact]
    public void Cut_EqualRows_GivesAsManyClustersAsAsked()
    {
        float[] values = new float[50 * 4];
        Array.Fill(values, 0.5f);

        WardTree tree = WardTree.Build(new PaddedRows(new MultiVectorView(4, values)));

        Assert.Equal(7, tree.Cut(7).Max() + 1);
        Assert.All(tree.SquaredDistances, distance => Assert.Equal(0, distance));
    }

    private static int[] Label(List<List<int>> clusters, int rowCount)
    {
        int[] labels = new int[rowCount];
        for (int i = 0; i < clusters.Count; i++)
        {
            foreach (int row in clusters[i])
            {
                labels[row] = i;
            }
        }

        Dictionary<int, int> numbers = [];
        return [.. labels.Select(label => numbers.TryAdd(label, numbers.Count) ? numbers[label] : numbers[label])];
    }

    // Σ ‖x - mean‖².
    private static double Spread(MultiVector rows, List<int> cluster)
    {
        double spread = 0;
        for (int k = 0; k < rows.Dimension; k++)
        {
            double mean = cluster.Average(row => (double)rows.Row(row)[k]);
            spread += cluster.Sum(row => Math.Pow(rows.Row(row)[k] - mean, 2));
        }

        return spread;
    }

    private static MultiVector ReadRows() => new(Dimension, MemoryMarshal.Cast<byte, float>(ReadGolden("rows.f32")).ToArray());

    private static int[] ReadLabels(string file, int line) =>
        [.. File.ReadAllLines(GetPath(file))[line].Split(' ').Select(int.Parse)];

    private static byte[] ReadGolden(string file) => File.ReadAllBytes(GetPath(file));

    private static string GetPath(string file) => Path.Combine(RepositoryRoot.Folder, "tests", "golden", "reduction", file);
}
