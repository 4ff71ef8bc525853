using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>All pairs of rows: a symmetric matrix, stored whole.</summary>
internal static class SquareMatrix
{
    private const int TileSide = 32;

    /// <summary>⟨r_i, r_j⟩ of all i and j, [rows × rows].</summary>
    public static float[] Dots(PaddedRows rows)
    {
        int n = rows.RowCount;
        float[] matrix = new float[checked(n * n)];
        for (int i = 0; i < n; i++)
        {
            RowKernels.Dots(rows.Row(i), rows, i, matrix.AsSpan((i * n) + i, n - i));
        }

        Mirror(matrix, n);
        return matrix;
    }

    /// <summary>‖r_i - r_j‖² of all i and j, [rows × rows].</summary>
    public static void SquaredDistances(PaddedRows rows, Span<float> matrix)
    {
        int n = rows.RowCount;
        for (int i = 0; i < n; i++)
        {
            RowKernels.SquaredDistances(rows.Row(i), rows, i, matrix.Slice((i * n) + i, n - i));
        }

        Mirror(matrix, n);
    }

    // Tile by tile, because a column touches as many cache lines as it has values.
    private static void Mirror(Span<float> matrix, int n)
    {
        for (int top = 0; top < n; top += TileSide)
        {
            for (int left = top; left < n; left += TileSide)
            {
                for (int i = top; i < Math.Min(n, top + TileSide); i++)
                {
                    for (int j = Math.Max(left, i + 1); j < Math.Min(n, left + TileSide); j++)
                    {
                        matrix[(j * n) + i] = matrix[(i * n) + j];
                    }
                }
            }
        }
    }
}
