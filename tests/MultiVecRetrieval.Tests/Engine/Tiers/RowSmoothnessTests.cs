using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>How alike rows in a row are, beside all rows of an entry.</summary>
public class RowSmoothnessTests
{
    [Fact]
    public void Measure_AnyRows_IsTheDefinition()
    {
        MultiVector[] entries = [.. Enumerable.Range(2, 12).Select(count => Walk(seed: count, count, step: 0.4f))];

        double neighbours =
            entries.Average(rows => Enumerable.Range(1, rows.RowCount - 1).Average(i => Cosine(rows.Row(i - 1), rows.Row(i))));
        double any = entries.Average(rows => Enumerable.Range(0, rows.RowCount)
            .SelectMany(i => Enumerable.Range(0, rows.RowCount).Where(j => j != i).Select(j => Cosine(rows.Row(i), rows.Row(j))))
                .Average());
        Assert.Equal((neighbours - any) / (1 - any), RowSmoothness.Measure(entries), 1e-4);
    }

    [Fact]
    public void Measure_PatchesOfPages_AreSmooth()
    {
        PageVectors pages = new(seed: 1);

        Assert.InRange(RowSmoothness.Measure(Enumerable.Range(0, 20).Select(page => pages.GetPage(page))), RowSmoothness.Smooth + 0.1, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8f)] // all rows lean one way, as those of most models do
    public void Measure_RowsInNoOrder_AreNot(float common) =>
        Assert.InRange(
            RowSmoothness.Measure(Enumerable.Range(0, 20)
            .Select(seed => Shift(KernelSamples.RandomRows(seed, rowCount: 200, dimension: 64), common))), -0.05, 0.05);

    [Fact]
    public void Measure_RowsAllAlikeOrNone_IsOneOrNothing()
    {
        Assert.Equal(1, RowSmoothness.Measure([new MultiVector(2, [3, 4, 3, 4, 3, 4])]));
        Assert.Equal(0, RowSmoothness.Measure([]));
    }

    // Rows of a random walk: neighbours are near.
    private static MultiVector Walk(int seed, int rowCount, float step)
    {
        MultiVector steps = KernelSamples.RandomRows(seed, rowCount, dimension: 8);
        float[] values = steps.Values.ToArray();
        for (int i = 8; i < values.Length; i++)
        {
            values[i] = values[i - 8] + (step * values[i]);
        }

        return new MultiVector(8, values);
    }

    private static MultiVector Shift(MultiVector rows, float common)
        => new(rows.Dimension, [.. rows.Values.ToArray().Select(value => value + common)]);

    private static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double product = 0;
        double xx = 0;
        double yy = 0;
        for (int k = 0; k < x.Length; k++)
        {
            product += (double)x[k] * y[k];
            xx += (double)x[k] * x[k];
            yy += (double)y[k] * y[k];
        }

        return product / Math.Sqrt(xx * yy);
    }
}
