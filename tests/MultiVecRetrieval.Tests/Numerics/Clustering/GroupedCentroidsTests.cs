using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Quantization.Codes;
using MultiVecRetrieval.Tests.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Numerics.Clustering;

public class GroupedCentroidsTests
{
    private const int Dimension = 16;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FindNearest_EveryGroupProbed_IsTheNearestOfAll(bool isSpherical)
    {
        float[] centroids = CodecSamples.Create(seed: 1, Dimension, 1_500).Values;

        // Two of the same: the lower id wins, in whichever group they are.
        centroids.AsSpan(3 * Dimension, Dimension).CopyTo(centroids.AsSpan(700 * Dimension));
        float[] rows = [.. CodecSamples.Create(seed: 2, Dimension, 500).Values, .. centroids.AsSpan(3 * Dimension, Dimension)];
        int[] expected = new int[501];
        new Centroids(Dimension, centroids, isSpherical).FindNearest(rows, expected);
        int[] actual = new int[501];

        new GroupedCentroids(Dimension, centroids, isSpherical, probeCount: 1_000).FindNearest(rows, actual);

        Assert.Equal(expected, actual);
        Assert.NotEqual(700, actual[500]);
    }

    // By default 24 groups of 128 are probed, of the 70 here. Missed are rows whose nearest centroid lies in a group that is far.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FindNearest_SomeGroupsProbed_IsTheNearestForNearlyAllRows(bool isSpherical)
    {
        float[] centroids = CodecSamples.Create(seed: 1, Dimension, 9_000).Values;
        float[] rows = CodecSamples.Create(seed: 2, Dimension, 1_000).Values;
        int[] expected = new int[1_000];
        new Centroids(Dimension, centroids, isSpherical).FindNearest(rows, expected);
        int[] actual = new int[1_000];

        new GroupedCentroids(Dimension, centroids, isSpherical).FindNearest(rows, actual);

        int equal = expected.Zip(actual).Count(pair => pair.First == pair.Second);
        Assert.InRange(equal, 980, 1_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encode_ManyCentroids_IsTheNearestForMostRows(bool isSpherical)
    {
        float[] centroids = CodecSamples.Create(seed: 1, Dimension, 9_000).Values;
        float[] rows = CodecSamples.Create(seed: 2, Dimension, 1_000).Values;
        int[] expected = new int[1_000];
        new Centroids(Dimension, centroids, isSpherical).FindNearest(rows, expected);
        int[] grouped = new int[1_000];
        new GroupedCentroids(Dimension, centroids, isSpherical, Codebook.GetProbeCount(9_000)).FindNearest(rows, grouped);

        int[] actual = new Codebook(Dimension, centroids, isSpherical).Encode(rows);

        Assert.Equal(grouped, actual);
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First == pair.Second), 850, 1_000);
    }

    [Fact]
    public void FindNearest_OneRowOrMany_GivesARowTheSameCentroid()
    {
        GroupedCentroids groups = new(Dimension, CodecSamples.Create(seed: 1, Dimension, 2_000).Values, isSpherical: true, probeCount: 3);
        float[] rows = CodecSamples.Create(seed: 3, Dimension, 100).Values;
        int[] together = new int[100];
        groups.FindNearest(rows, together);
        for (int row = 0; row < 100; row++)
        {
            int[] alone = new int[1];

            groups.FindNearest(rows.AsSpan(row * Dimension, Dimension), alone);

            Assert.Equal(together[row], alone[0]);
        }
    }
}
