using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>The affine map from one space to another with the least square error plus a penalty on its matrix.</summary>
internal static class RidgeMap
{
    /// <summary>Fits y ≈ x·map + offset.</summary>
    /// <param name="x">[rows × input]</param>
    /// <param name="y">[rows × output]</param>
    /// <param name="penalty">λ of λ·‖map‖², in units of the mean variance of a coordinate of x times the number of rows; above 0.</param>
    public static (Matrix Map, float[] Offset) Fit(Matrix x, Matrix y, double penalty, int threads)
    {
        float[] meanOfX = HeadCoordinates.GetMean(x), meanOfY = HeadCoordinates.GetMean(y);
        Matrix centeredX = Center(x, meanOfX), centeredY = Center(y, meanOfY);
        Matrix gram = new(x.Columns, x.Columns), cross = new(x.Columns, y.Columns);
        Gemm.Multiply(centeredX, true, centeredX, false, gram, threads: threads);
        Gemm.Multiply(centeredX, true, centeredY, false, cross, threads: threads);

        double trace = 0;
        for (int i = 0; i < gram.Rows; i++)
        {
            trace += gram[i][i];
        }

        double[] factor = Factor(gram, Math.Max(penalty * trace / gram.Rows, 1e-12));
        Matrix map = Solve(factor, cross, threads);
        Matrix shift = new(1, y.Columns);
        Gemm.Multiply(new Matrix(1, x.Columns, meanOfX), false, map, false, shift);
        float[] offset = meanOfY;
        RowMath.AddScaled(shift.Span, -1, offset);
        return (map, offset);
    }

    // Cholesky: gram + penalty·I = L·Lᵀ, L row by row.
    private static double[] Factor(Matrix gram, double penalty)
    {
        int n = gram.Rows;
        double[] factor = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            Span<double> row = factor.AsSpan(i * n, n);
            for (int j = 0; j <= i; j++)
            {
                double sum = gram[i][j] + (i == j ? penalty : 0) - Dot(row[..j], factor.AsSpan(j * n, j));
                // The Gram matrix is positive up to rounding; what rounding takes from a pivot, the penalty's share gives back.
                row[j] = i == j ? Math.Sqrt(Math.Max(sum, penalty * 1e-3)) : sum / factor[(j * n) + j];
            }
        }

        return factor;
    }

    private static Matrix Solve(double[] factor, Matrix right, int threads)
    {
        int n = right.Rows;
        double[] transposed = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                transposed[(j * n) + i] = factor[(i * n) + j];
            }
        }

        Matrix solution = new(n, right.Columns);
        Parallel.For(0, right.Columns, new ParallelOptions { MaxDegreeOfParallelism = threads }, column =>
        {
            double[] values = new double[n];
            for (int i = 0; i < n; i++)
            {
                values[i] = (right[i][column] - Dot(values.AsSpan(0, i), factor.AsSpan(i * n, i))) / factor[(i * n) + i];
            }

            for (int i = n - 1; i >= 0; i--)
            {
                double sum = values[i] - Dot(values.AsSpan(i + 1), transposed.AsSpan((i * n) + i + 1, n - i - 1));
                values[i] = sum / factor[(i * n) + i];
                solution[i][column] = (float)values[i];
            }
        });
        return solution;
    }

    private static Matrix Center(Matrix rows, float[] mean)
    {
        Matrix centered = rows.Clone();
        for (int row = 0; row < rows.Rows; row++)
        {
            RowMath.AddScaled(mean, -1, centered[row]);
        }

        return centered;
    }

    // Four sums, so that the additions do not wait for each other; the order is the same everywhere.
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i + 4 <= x.Length; i += 4)
        {
            a += x[i] * y[i];
            b += x[i + 1] * y[i + 1];
            c += x[i + 2] * y[i + 2];
            d += x[i + 3] * y[i + 3];
        }

        for (; i < x.Length; i++)
        {
            a += x[i] * y[i];
        }

        return (a + b) + (c + d);
    }
}
