using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Clustering;

public class CentroidsTests
{
    // Centroid counts around a block of 16 and a group of 64; row counts around a tile of 6 and a panel of 96.
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 3, 2, 5 }, { 8, 15, 6 }, { 8, 16, 7 }, { 8, 17, 13 }, { 5, 63, 97 }, { 5, 64, 96 }, { 16, 65, 95 },
            { 128, 256, 12 }, { 33, 130, 200 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void FindNearest_AnyShape_IsTheDefinitionAtEveryInstructionSet(int dimension, int centroidCount, int rowCount)
    {
        MultiVector centroids = KernelSamples.RandomRows(seed: 1, centroidCount, dimension);
        MultiVector rows = KernelSamples.RandomRows(seed: 2, rowCount, dimension);
        foreach (bool isSpherical in new[] { true, false })
        {
            (int[] expected, float[] expectedSimilarities) = FindNearestPlainly(centroids, rows, isSpherical);
            foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
            {
                int[] nearest = new int[rowCount];
                float[] similarities = new float[rowCount];

                new Centroids(dimension, centroids.Values, isSpherical, instructionSet).FindNearest(rows.Values, nearest, similarities);

                Assert.Equal(expected, nearest);
                Assert.Equal(expectedSimilarities, similarities);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_AnyShape_IsTheDefinitionAtEveryInstructionSet(int dimension, int centroidCount, int rowCount)
    {
        MultiVector centroids = KernelSamples.RandomRows(seed: 1, centroidCount, dimension);
        MultiVector rows = KernelSamples.RandomRows(seed: 2, rowCount, dimension);
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            float[] products = new float[rowCount * centroidCount];

            new Centroids(dimension, centroids.Values, isSpherical: false, instructionSet).Multiply(rows.Values, products);

            for (int i = 0; i < products.Length; i++)
            {
                Assert.Equal(Dot(rows.Row(i / centroidCount), centroids.Row(i % centroidCount)), products[i]);
            }
        }
    }

    [Fact]
    public void FindNearest_EqualCentroids_NamesTheLowest()
    {
        // 200 copies of two centroids: ties within a block, between blocks and between groups.
        float[] centroids = [.. Enumerable.Range(0, 200).SelectMany(i => i % 2 == 0 ? new float[] { 1, 0 } : [0, 1])];
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            int[] nearest = new int[3];

            new Centroids(2, centroids, isSpherical: true, instructionSet).FindNearest([0, 2, 3, 0, 0, 0], nearest);

            Assert.Equal([1, 0, 0], nearest);
        }
    }

    [Fact]
    public void Constructor_BadCentroids_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Centroids(2, [], isSpherical: true));
        Assert.Throws<ArgumentException>(() => new Centroids(2, [1, 2, 3], isSpherical: true));
        Assert.Throws<ArgumentException>(() => new Centroids(2, [1, float.NaN], isSpherical: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Centroids(0, [1], isSpherical: true));
    }

    [Fact]
    public void FindNearestAndMultiply_WrongLengths_Throw()
    {
        Centroids centroids = new(2, [1, 0, 0, 1], isSpherical: true);

        Assert.Throws<ArgumentException>(() => centroids.FindNearest([1, 2, 3], new int[1]));
        Assert.Throws<ArgumentException>(() => centroids.FindNearest([1, 2], new int[1], new float[2]));
        Assert.Throws<ArgumentException>(() => centroids.Multiply([1, 2], new float[3]));
    }

    private static (int[] Nearest, float[] Similarities) FindNearestPlainly(MultiVector centroids, MultiVector rows, bool isSpherical)
    {
        int[] nearest = new int[rows.RowCount];
        float[] similarities = new float[rows.RowCount];
        for (int row = 0; row < rows.RowCount; row++)
        {
            similarities[row] = float.NegativeInfinity;
            for (int id = 0; id < centroids.RowCount; id++)
            {
                double squaredNorm = 0;
                foreach (float value in centroids.Row(id))
                {
                    squaredNorm += (double)value * value;
                }

                float similarity = Dot(rows.Row(row), centroids.Row(id)) + (isSpherical ? 0 : (float)(-squaredNorm / 2));
                if (similarity > similarities[row])
                {
                    (nearest[row], similarities[row]) = (id, similarity);
                }
            }
        }

        return (nearest, similarities);
    }

    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum = MathF.FusedMultiplyAdd(x[k], y[k], sum);
        }

        return sum;
    }
}
