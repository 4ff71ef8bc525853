using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>Cosines of rows with those of a reference, row by row.</summary>
internal static class RowComparison
{
    /// <summary>The cosine of each row; two rows of zeros are equal, one alone has 0. Null when the shapes differ.</summary>
    public static IReadOnlyList<double>? Cosines(MultiVector rows, MultiVector reference) =>
        rows.RowCount != reference.RowCount || rows.Dimension != reference.Dimension
            ? null
            : [.. Enumerable.Range(0, rows.RowCount).Select(row => Cosine(rows.Row(row), reference.Row(row)))];

    /// <summary>The cosine of two vectors, in double precision.</summary>
    public static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double product = 0, ofX = 0, ofY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            product += (double)x[i] * y[i];
            ofX += (double)x[i] * x[i];
            ofY += (double)y[i] * y[i];
        }

        return ofX == 0 || ofY == 0 ? (ofX == ofY ? 1 : 0) : product / Math.Sqrt(ofX * ofY);
    }

    /// <summary>What is wrong with rows that should be unit vectors; null when nothing is.</summary>
    public static string? FindProblem(MultiVector rows)
    {
        for (int row = 0; row < rows.RowCount; row++)
        {
            float length = TensorPrimitives.Norm(rows.Row(row));
            if (!float.IsFinite(length))
            {
                return $"row {row} is not finite";
            }

            if (length == 0)
            {
                return $"row {row} is zero and has no direction";
            }
        }

        return rows.RowCount == 0 ? "it gives no row" : null;
    }
}
