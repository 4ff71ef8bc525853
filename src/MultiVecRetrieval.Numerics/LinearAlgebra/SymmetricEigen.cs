using System.Diagnostics;

namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix.</summary>
/// <remarks>
/// Householder reflections to tridiagonal form, then QL with implicit shifts; all of it as operations on whole rows, so that the result
/// is the same at every instruction set. About 3 n³ multiplications. Source: Golub and Van Loan, Matrix Computations, sections 8.3.1
/// and 8.3.3.
/// </remarks>
internal static class SymmetricEigen
{
    // Each eigenvalue takes about two; far beyond that something is not a number.
    private const int MaxSweepCount = 60;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">[n × n], symmetric and finite; overwritten.</param>
    /// <param name="n">Its order.</param>
    /// <param name="values">Receives the n eigenvalues, largest first.</param>
    /// <returns>Their eigenvectors, [n × n], one a row, orthonormal.</returns>
    /// <exception cref="ArithmeticException">The iteration does not converge: an element is not finite.</exception>
    public static double[] Decompose(double[] matrix, int n, Span<double> values)
    {
        Debug.Assert(matrix.Length == (long)n * n && values.Length == n, "A square and its diagonal.");
        double[] diagonal = new double[n];
        double[] besides = new double[n];
        double[] vectors = Tridiagonalize(matrix, n, diagonal, besides);
        Diagonalize(n, diagonal, besides, vectors);

        // Largest first; equal ones in the order they were found.
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => diagonal[i])];
        double[] sorted = new double[matrix.Length];
        for (int i = 0; i < n; i++)
        {
            values[i] = diagonal[order[i]];
            Row(vectors, n, order[i]).CopyTo(Row(sorted, n, i));
        }

        return sorted;
    }

    private static Span<double> Row(double[] matrix, int n, int row) => matrix.AsSpan(row * n, n);

    // A = Q T Qᵀ; returns Qᵀ. besides[i] is the element of T beside diagonal[i] and diagonal[i + 1].
    private static double[] Tridiagonalize(double[] a, int n, double[] diagonal, double[] besides)
    {
        double[] reflections = new double[a.Length]; // v_k in row k, from column k + 1
        double[] scales = new double[n];
        double[] product = new double[n];
        for (int k = 0; k < n - 2; k++)
        {
            Span<double> v = reflections.AsSpan((k * n) + k + 1, n - k - 1);
            a.AsSpan((k * n) + k + 1, n - k - 1).CopyTo(v);
            double norm = Math.Sqrt(RowOperations.Dot(v, v));
            diagonal[k] = a[(k * n) + k];
            besides[k] = v[0] > 0 ? -norm : norm;
            if (norm == 0)
            {
                continue;
            }

            v[0] -= besides[k];
            double scale = 2 / RowOperations.Dot(v, v);
            scales[k] = scale;

            // With p = β A v and w = p - (β/2)(vᵀp) v, the reflected rest is A - v wᵀ - w vᵀ.
            Span<double> w = product.AsSpan(k + 1);
            w.Clear();
            for (int i = 0; i < v.Length; i++)
            {
                RowOperations.AddScaled(scale * v[i], a.AsSpan(((k + 1 + i) * n) + k + 1, v.Length), w);
            }

            RowOperations.AddScaled(-0.5 * scale * RowOperations.Dot(v, w), v, w);
            for (int i = 0; i < v.Length; i++)
            {
                Span<double> rest = a.AsSpan(((k + 1 + i) * n) + k + 1, v.Length);
                RowOperations.AddScaled(-v[i], w, rest);
                RowOperations.AddScaled(-w[i], v, rest);
            }
        }

        for (int k = Math.Max(0, n - 2); k < n; k++)
        {
            diagonal[k] = a[(k * n) + k];
            besides[k] = k + 1 < n ? a[(k * n) + k + 1] : 0;
        }

        return MultiplyReflections(n, reflections, scales, product);
    }

    private static double[] MultiplyReflections(int n, double[] reflections, double[] scales, double[] product)
    {
        double[] q = new double[reflections.Length];
        for (int i = 0; i < n; i++)
        {
            q[(i * n) + i] = 1;
        }

        for (int k = n - 3; k >= 0; k--)
        {
            Span<double> v = reflections.AsSpan((k * n) + k + 1, n - k - 1);
            Span<double> sums = product.AsSpan(k + 1);
            sums.Clear();
            for (int i = 0; i < v.Length; i++)
            {
                RowOperations.AddScaled(v[i], q.AsSpan(((k + 1 + i) * n) + k + 1, v.Length), sums);
            }

            for (int i = 0; i < v.Length; i++)
            {
                RowOperations.AddScaled(-scales[k] * v[i], sums, q.AsSpan(((k + 1 + i) * n) + k + 1, v.Length));
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (q[(i * n) + j], q[(j * n) + i]) = (q[(j * n) + i], q[(i * n) + j]);
            }
        }

        return q;
    }

    // QL with Wilkinson's shift; a rotation of two columns of Q is one of two rows of vectors.
    private static void Diagonalize(int n, double[] diagonal, double[] besides, double[] vectors)
    {
        for (int first = 0; first < n; first++)
        {
            for (int sweep = 0; ; sweep++)
            {
                int last = first;
                while (last < n - 1 && !IsNegligible(besides[last], diagonal[last], diagonal[last + 1]))
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                if (sweep == MaxSweepCount)
                {
                    throw new ArithmeticException("An eigenvalue did not converge; the matrix has values that are not finite.");
                }

                Sweep(first, last, n, diagonal, besides, vectors);
            }
        }
    }

    private static bool IsNegligible(double beside, double above, double below)
    {
        double size = Math.Abs(above) + Math.Abs(below);
        return size + Math.Abs(beside) == size;
    }

    private static void Sweep(int first, int last, int n, double[] diagonal, double[] besides, double[] vectors)
    {
        double half = (diagonal[first + 1] - diagonal[first]) / (2 * besides[first]);
        double root = Math.Sqrt((half * half) + 1);
        double shift = diagonal[first] - (besides[first] / (half + (half < 0 ? -root : root)));
        double bulge = diagonal[last] - shift;
        double c = 1;
        double s = 1;
        double moved = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = s * besides[i];
            double b = c * besides[i];
            double r = Math.Sqrt((f * f) + (bulge * bulge));
            besides[i + 1] = r;
            if (r == 0)
            {
                // The matrix falls apart here: the sweep starts anew on the smaller part.
                diagonal[i + 1] -= moved;
                besides[last] = 0;
                return;
            }

            s = f / r;
            c = bulge / r;
            double difference = diagonal[i + 1] - moved;
            double t = ((diagonal[i] - difference) * s) + (2 * c * b);
            moved = s * t;
            diagonal[i + 1] = difference + moved;
            bulge = (c * t) - b;
            RowOperations.Rotate(c, s, Row(vectors, n, i + 1), Row(vectors, n, i));
        }

        diagonal[first] -= moved;
        besides[first] = bulge;
        besides[last] = 0;
    }
}
