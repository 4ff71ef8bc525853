using System.Buffers;
using MultiVecRetrieval.Numerics.Clustering;

namespace MultiVecRetrieval.Tests.Numerics.Clustering;

public class ScreenedCentroidsTests
{
    [Theory]
    [InlineData(true, 32, 1_024)]
    [InlineData(false, 32, 1_024)]
    [InlineData(true, 45, 1_101)]
    [InlineData(false, 45, 1_101)]
    [InlineData(false, 128, 2_000)]
    public void FindNearest_RowsInFewDirections_IsTheNearestOfAll(bool isSpherical, int dimension, int count)
    {
        float[] centroids = CreateRows(seed: 1, dimension, count, noise: 0.05f);

        // Two of the same: the lower id wins.
        centroids.AsSpan(3 * dimension, dimension).CopyTo(centroids.AsSpan(700 * dimension));
        float[] rows = [.. CreateRows(seed: 2, dimension, 301, noise: 0.05f), .. centroids.AsSpan(3 * dimension, 5 * dimension)];

        int[] actual = FindNearest(dimension, centroids, isSpherical, rows);

        Assert.NotEqual(700, actual[301]);
    }

    // Rows unlike the centroids have bounds that tell nothing apart; far beyond float32, nothing is known of rounding.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FindNearest_RowsOfAnyKind_IsTheNearestOfAll(bool isSpherical)
    {
        const int dimension = 40;
        float[] centroids = CreateRows(seed: 3, dimension, 1_200, noise: 0.02f);
        float[] plain = CreateRows(seed: 4, dimension, 60, noise: 1);
        float[] rows =
        [
            .. new float[dimension],
            .. plain,
            .. plain.Select(value => value * 1e12f),
            .. plain.Select(value => value * 1e30f),
            .. plain.Select(value => value * 1e37f),
            .. plain.Select(value => value * 1e-20f),
            .. plain.Select(value => value * 1e-42f),
            .. centroids.Take(60 * dimension).Select(value => -value),
        ];

        FindNearest(dimension, centroids, isSpherical, rows);
    }

    [Theory]
    [InlineData(1_024, 32, 1)]
    [InlineData(1_023, 32, 0.05f)]
    [InlineData(1_024, 8, 0.05f)]
    public void Create_NothingToBeSaved_IsNull(int count, int dimension, float noise)
    {
        float[] centroids = CreateRows(seed: 5, dimension, count, noise);

        Assert.Null(ScreenedCentroids.Create(new Centroids(dimension, centroids, isSpherical: true), centroids));
    }

    private static int[] FindNearest(int dimension, float[] centroids, bool isSpherical, float[] rows)
    {
        Centroids all = new(dimension, centroids, isSpherical);
        int[] expected = new int[rows.Length / dimension];
        all.FindNearest(rows, expected);
        int[] actual = new int[expected.Length];

        ScreenedCentroids? screened = ScreenedCentroids.Create(all, centroids);
        Assert.NotNull(screened);
        LeaveNoNumbers();
        screened.FindNearest(rows, actual);

        Assert.Equal(expected, actual);
        return actual;
    }

    // Buffers come as whoever had them left them.
    private static void LeaveNoNumbers()
    {
        for (int length = 16; length <= 1 << 20; length *= 2)
        {
            float[][] buffers = [.. Enumerable.Range(0, 3).Select(_ => ArrayPool<float>.Shared.Rent(length))];
            foreach (float[] buffer in buffers)
            {
                Array.Fill(buffer, float.NaN);
                ArrayPool<float>.Shared.Return(buffer);
            }
        }
    }

    // Around few points in six directions, and noise in all.
    private static float[] CreateRows(int seed, int dimension, int count, float noise)
    {
        Random directions = new(Seed: 6);
        float[] basis = [.. Enumerable.Range(0, 6 * dimension).Select(_ => directions.NextSingle() - 0.5f)];
        Random random = new(seed);
        float[] rows = new float[count * dimension];
        for (int row = 0; row < count; row++)
        {
            Span<float> values = rows.AsSpan(row * dimension, dimension);
            for (int i = 0; i < 6; i++)
            {
                float weight = noise < 1 ? random.Next(-2, 3) : 0;
                for (int k = 0; k < dimension; k++)
                {
                    values[k] += weight * basis[(i * dimension) + k];
                }
            }

            for (int k = 0; k < dimension; k++)
            {
                values[k] += noise * (random.NextSingle() - 0.5f);
            }
        }

        return rows;
    }
}
