using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Tests.Numerics.LinearAlgebra;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(130)]
    public void Decompose_RandomMatrix_GivesOrthonormalVectorsThatTheMatrixStretches(int n)
    {
        double[] matrix = RandomSymmetric(n);
        AssertDecomposes(matrix, n);
    }

    [Fact]
    public void Decompose_EqualEigenvalues_StillGivesOrthonormalVectors()
    {
        const int n = 40;
        double[] identity = new double[n * n];
        double[] ones = new double[n * n]; // rank 1: n, and n - 1 times 0
        ones.AsSpan().Fill(1);
        for (int i = 0; i < n; i++)
        {
            identity[(i * n) + i] = 3;
        }

        AssertDecomposes(identity, n);
        AssertDecomposes(new double[n * n], n);
        double[] values = AssertDecomposes(ones, n);
        Assert.Equal(n, values[0], 1e-12 * n);
        Assert.All(values[1..], value => Assert.Equal(0, value, 1e-12 * n));
    }

    [Fact]
    public void Decompose_SecondDifferences_GivesTheKnownEigenvalues()
    {
        // 2 on the diagonal and -1 beside it: 2 - 2 cos(iπ/(n + 1)).
        const int n = 50;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = 2;
            if (i + 1 < n)
            {
                matrix[(i * n) + i + 1] = -1;
                matrix[((i + 1) * n) + i] = -1;
            }
        }

        double[] values = AssertDecomposes(matrix, n);

        for (int i = 0; i < n; i++)
        {
            Assert.Equal(2 - (2 * Math.Cos((n - i) * Math.PI / (n + 1))), values[i], 1e-13);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(100)]
    public void RandomRotation_AnyLength_KeepsRowsOrthonormal(int n)
    {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = 1;
        }

        RandomRotation.Apply(matrix, n, 0, n, new Random(Seed: 1));

        AssertOrthonormal(matrix, n, 1e-13);
        if (n >= 64)
        {
            // Every value is spread: no coordinate keeps most of its row.
            Assert.True(matrix.Max(Math.Abs) < 0.6, $"{matrix.Max(Math.Abs)}");
        }
    }

    [Fact]
    public void Covariance_AnyThreads_IsTheSameAndThatOfTheDefinition()
    {
        const int n = 37;
        float[] rows = [.. Enumerable.Range(0, n * 500).Select(i => (float)Math.Sin(i * 1.7))];

        double[] one = Covariance.Compute(rows, n, threads: 1, CancellationToken.None);

        Assert.Equal(one, Covariance.Compute(rows, n, threads: 3, CancellationToken.None));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double expected = Enumerable.Range(0, 500).Sum(row => (double)rows[(row * n) + i] * rows[(row * n) + j]) / 500;

                // 64 products are added in float32 at a time.
                Assert.Equal(expected, one[(i * n) + j], 64 * 6e-8);
            }
        }
    }

    private static double[] RandomSymmetric(int n)
    {
        Random random = new(n);
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
            {
                matrix[(i * n) + j] = matrix[(j * n) + i] = (random.NextDouble() * 2) - 1;
            }
        }

        return matrix;
    }

    private static double[] AssertDecomposes(double[] matrix, int n)
    {
        double[] values = new double[n];
        double[] vectors = SymmetricEigen.Decompose((double[])matrix.Clone(), n, values);
        double norm = Math.Sqrt(matrix.Sum(value => value * value)) + 1e-300;
        AssertOrthonormal(vectors, n, 1e-13 * n);
        for (int i = 0; i < n; i++)
        {
            Assert.True(i == 0 || values[i] <= values[i - 1]);
            for (int row = 0; row < n; row++)
            {
                double product = 0;
                for (int k = 0; k < n; k++)
                {
                    product += matrix[(row * n) + k] * vectors[(i * n) + k];
                }

                Assert.Equal(values[i] * vectors[(i * n) + row], product, 1e-13 * n * norm);
            }
        }

        return values;
    }

    private static void AssertOrthonormal(double[] rows, int n, double tolerance)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, RowOperations.Dot(rows.AsSpan(i * n, n), rows.AsSpan(j * n, n)), tolerance);
            }
        }
    }
}
