using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public sealed class HadamardRotationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(128)]
    [InlineData(320)]
    [InlineData(512)]
    public void Apply_TwoVectors_KeepsLengthsAndInnerProducts(int dimension)
    {
        Random random = new(Seed: dimension);
        HadamardRotation rotation = new(dimension, seed: 3);
        float[] x = [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)];
        float[] y = [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)];
        float[] rotatedX = new float[rotation.PaddedDimension];
        float[] rotatedY = new float[rotation.PaddedDimension];

        rotation.Apply(x, rotatedX);
        rotation.Apply(y, rotatedY);

        // Each of the 4 rounds rounds a value log2(w) + 1 ≤ 10 times: lengths are off by at most 40 u relatively, u = 2⁻²⁴.
        double bound = 2 * 41 * Math.Pow(2, -24) * Math.Sqrt(Dot(x, x) * Dot(y, y));
        Assert.Equal(Dot(x, y), Dot(rotatedX, rotatedY), tolerance: bound);
        Assert.Equal(Dot(x, x), Dot(rotatedX, rotatedX), tolerance: 2 * 41 * Math.Pow(2, -24) * Dot(x, x));
    }

    [Fact]
    public void Apply_OneAxis_SpreadsItEvenly()
    {
        HadamardRotation rotation = new(256, seed: 3);
        float[] rotated = new float[256];

        rotation.Apply([1, .. new float[255]], rotated);

        // Even energy is 1/16 per value; a Gaussian of that deviation stays below 5 of them in 256 draws, seed fixed.
        Assert.All(rotated, value => Assert.InRange(Math.Abs(value), 0, 5f / 16));
    }

    [Fact]
    public void Apply_AnyLevel_GivesTheseBits()
    {
        HadamardRotation rotation = new(96, seed: 1);
        float[] rotated = new float[128];
        rotation.Apply([.. Enumerable.Range(1, 96).Select(i => 1f / i)], rotated);

        int hash = 17;
        foreach (float value in rotated)
        {
            hash = unchecked((hash * 31) + BitConverter.SingleToInt32Bits(value));
        }

        // The same at every level: the suite runs at four of them. A change of the rotation is a change of the format.
        Assert.Equal(-1523386917, hash);
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}
