using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tests.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class RowKernelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(128)]
    [InlineData(200)]
    public void DotsAndSquaredDistances_AnyLength_EqualTheDefinitionToTheBit(int dimension)
    {
        MultiVector rows = ReductionSamples.Page(seed: 1, 3, 3, dimension);
        PaddedRows padded = new(rows.View);
        float[] dots = new float[rows.RowCount];
        float[] distances = new float[rows.RowCount];

        RowKernels.Dots(padded.Row(4), padded, 0, dots);
        RowKernels.SquaredDistances(padded.Row(4), padded, 0, distances);

        for (int i = 0; i < rows.RowCount; i++)
        {
            Assert.Equal(AddInLanes(rows.Row(4), rows.Row(i), (x, y) => x * y), dots[i]);
            Assert.Equal(AddInLanes(rows.Row(4), rows.Row(i), (x, y) => (x - y) * (x - y)), distances[i]);
        }
    }

    // 16 partial sums, halved onto each other: the order that every instruction set has to keep.
    private static float AddInLanes(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Func<float, float, float> term)
    {
        float[] sums = new float[16];
        for (int k = 0; k < x.Length; k++)
        {
            sums[k % 16] += term(x[k], y[k]);
        }

        for (int half = 8; half >= 1; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
            {
                sums[lane] += sums[lane + half];
            }
        }

        return sums[0];
    }
}
