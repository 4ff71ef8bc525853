using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Rows on which Ward's clustering gives the clusters of colpali-engine's hierarchical token pooling, at the cost of d
/// dimensions.</summary>
/// <remarks>
/// That pooling clusters the n rows of 1 - S, S = E Eᵀ, by their Euclidean distances in n dimensions. These need neither S nor n
/// dimensions: ‖s_i - s_j‖² = (e_i - e_j)ᵀ C (e_i - e_j) with C = Eᵀ E, and with C = L Lᵀ it is ‖(e_i - e_j)ᵀ L‖². So the rows E L,
/// [n × d], lie at the same distances.
/// </remarks>
internal static class ClusterRows
{
    // A pivot below this share of the largest is rounding: that direction holds none of the rows.
    private const double RelativePivot = 1e-13;

    /// <summary>E L, with the lower triangle L of C = Eᵀ E = L Lᵀ.</summary>
    public static PaddedRows OfSimilarities(MultiVectorView rows)
    {
        int d = rows.Dimension;
        double[] lower = Factor(GetProducts(rows), d);
        PaddedRows result = new(d, rows.RowCount);
        double[] sum = new double[d];
        for (int i = 0; i < rows.RowCount; i++)
        {
            Array.Clear(sum);
            for (int k = 0; k < d; k++)
            {
                // Row k of L ends at its diagonal.
                Span<double> part = sum.AsSpan(0, k + 1);
                TensorPrimitives.MultiplyAdd(lower.AsSpan(k * d, k + 1), (double)rows.Row(i)[k], part, part);
            }

            Span<float> target = result.Row(i);
            for (int k = 0; k < d; k++)
            {
                target[k] = (float)sum[k];
            }
        }

        return result;
    }

    // Eᵀ E, the lower triangle.
    private static double[] GetProducts(MultiVectorView rows)
    {
        int d = rows.Dimension;
        double[] products = new double[d * d];
        double[] row = new double[d];
        for (int i = 0; i < rows.RowCount; i++)
        {
            TensorPrimitives.ConvertTruncating(rows.Row(i), row);
            for (int k = 0; k < d; k++)
            {
                Span<double> part = products.AsSpan(k * d, k + 1);
                TensorPrimitives.MultiplyAdd(row.AsSpan(0, k + 1), row[k], part, part);
            }
        }

        return products;
    }

    // Cholesky, in place; a column without a pivot is zero, as it is in exact arithmetic for a matrix that has no negative direction.
    private static double[] Factor(double[] matrix, int d)
    {
        double largest = 0;
        for (int k = 0; k < d; k++)
        {
            largest = Math.Max(largest, matrix[(k * d) + k]);
        }

        for (int j = 0; j < d; j++)
        {
            double pivot = matrix[(j * d) + j] - SumOfProducts(matrix, d, j, j);
            double root = pivot > RelativePivot * largest ? Math.Sqrt(pivot) : 0;
            for (int i = j + 1; i < d; i++)
            {
                double value = matrix[(i * d) + j] - SumOfProducts(matrix, d, i, j);
                matrix[(i * d) + j] = root > 0 ? value / root : 0;
            }

            matrix[(j * d) + j] = root;
        }

        return matrix;
    }

    // Σ_{k < j} L_ik L_jk, in the order of k.
    private static double SumOfProducts(double[] lower, int d, int i, int j)
    {
        double sum = 0;
        for (int k = 0; k < j; k++)
        {
            sum += lower[(i * d) + k] * lower[(j * d) + k];
        }

        return sum;
    }
}
