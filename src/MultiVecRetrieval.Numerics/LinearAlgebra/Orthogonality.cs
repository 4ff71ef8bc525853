namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>How orthogonal a matrix of float32 is.</summary>
internal static class Orthogonality
{
    /// <summary>The Frobenius norm of R Rᵀ - I, which bounds how much R stretches or shrinks: 1 - η ≤ |Rv|²/|v|² ≤ 1 + η.</summary>
    /// <param name="transposed">Rᵀ, [d × d].</param>
    /// <param name="dimension">d.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static double MeasureError(float[] transposed, int dimension, int threads, CancellationToken cancellationToken)
    {
        // Row i of R Rᵀ is Σ_k R_ik times row k of Rᵀ.
        double[] errors = new double[dimension];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        Parallel.For(0, dimension, options, i =>
        {
            double[] row = new double[dimension];
            row[i] = -1;
            for (int k = 0; k < dimension; k++)
            {
                ReadOnlySpan<float> column = transposed.AsSpan(k * dimension, dimension);
                RowOperations.AddScaled((double)column[i], column, row);
            }

            errors[i] = RowOperations.Dot(row, row);
        });

        double sum = 0;
        foreach (double error in errors)
        {
            sum += error;
        }

        // The float64 sums themselves are off by far less than this.
        return Math.Sqrt(sum) + 1e-12;
    }
}
