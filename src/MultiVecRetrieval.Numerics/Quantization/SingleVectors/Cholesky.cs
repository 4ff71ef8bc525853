using System.Numerics;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>The lower triangle L of a symmetric positive definite matrix A = L Lᵀ, in float64; the same bits everywhere.</summary>
internal sealed class Cholesky
{
    // Rows of a block of the Gram matrix: with 2,048 columns it stays in the L2 cache.
    private const int BlockRowCount = 16;

    private readonly double[] _rows;

    /// <summary>Takes the triangle, packed: row i has i + 1 values.</summary>
    public Cholesky(int order, double[] rows)
    {
        Order = order;
        _rows = rows;
    }

    /// <summary>Rows and columns.</summary>
    public int Order { get; }

    /// <summary>The triangle, row by row.</summary>
    public ReadOnlySpan<double> Rows => _rows;

    /// <summary>Values of a packed triangle.</summary>
    public static long GetLength(int order) => (long)order * (order + 1) / 2;

    /// <summary>Factors FᵀF + ridge · I.</summary>
    /// <param name="features">F, [rows × order].</param>
    /// <param name="order">Columns of F.</param>
    /// <param name="relativeRidge">The ridge, relative to the mean of the diagonal.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    public static Cholesky Factor(float[] features, int order, double relativeRidge, int threads, CancellationToken cancellationToken)
    {
        double[] gram = GetGram(features, order, threads, cancellationToken);
        double trace = 0;
        for (int i = 0; i < order; i++)
        {
            trace += gram[GetOffset(i) + i];
        }

        // With no variance at all the ridge alone keeps the matrix definite.
        double ridge = trace > 0 ? relativeRidge * trace / order : 1;
        for (int i = 0; i < order; i++)
        {
            gram[GetOffset(i) + i] += ridge;
        }

        for (int i = 0; i < order; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<double> row = gram.AsSpan(GetOffset(i), i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = gram.AsSpan(GetOffset(j), j + 1);
                row[j] = (row[j] - Dot(row, other, j)) / other[j];
            }

            row[i] = Math.Sqrt(row[i] - Dot(row, row, i));
        }

        return new Cholesky(order, gram);
    }

    /// <summary>Solves L x = b in place.</summary>
    public void SolveLower(Span<double> values)
    {
        for (int i = 0; i < Order; i++)
        {
            ReadOnlySpan<double> row = _rows.AsSpan(GetOffset(i), i + 1);
            values[i] = (values[i] - Dot(values, row, i)) / row[i];
        }
    }

    private static int GetOffset(int row) => (int)GetLength(row);

    // Eight partial sums, value k to sum k mod 8, whatever the width of a vector; each term is rounded twice.
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int count)
    {
        Span<double> sums = stackalloc double[8];
        sums.Clear();
        ReadOnlySpan<Vector<double>> xs = MemoryMarshal.Cast<double, Vector<double>>(x[..(count / 8 * 8)]);
        ReadOnlySpan<Vector<double>> ys = MemoryMarshal.Cast<double, Vector<double>>(y[..(count / 8 * 8)]);
        Span<Vector<double>> parts = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (int i = 0; i < xs.Length; i += parts.Length)
        {
            for (int part = 0; part < parts.Length; part++)
            {
                parts[part] += xs[i + part] * ys[i + part];
            }
        }

        for (int k = count / 8 * 8; k < count; k++)
        {
            sums[k % 8] += x[k] * y[k];
        }

        return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
    }

    private static double[] GetGram(float[] features, int order, int threads, CancellationToken cancellationToken)
    {
        double[] gram = new double[checked((int)GetLength(order))];
        int rowCount = features.Length / order;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, (order + BlockRowCount - 1) / BlockRowCount, options, block =>
        {
            int end = Math.Min(order, (block + 1) * BlockRowCount);
            double[] wide = new double[end];
            for (int row = 0; row < rowCount; row++)
            {
                for (int k = 0; k < end; k++)
                {
                    wide[k] = features[(row * order) + k];
                }

                for (int i = block * BlockRowCount; i < end; i++)
                {
                    AddScaled(wide.AsSpan(0, i + 1), wide[i], gram.AsSpan(GetOffset(i), i + 1));
                }
            }
        });
        return gram;
    }

    private static void AddScaled(ReadOnlySpan<double> source, double scale, Span<double> target)
    {
        int vectorized = source.Length / Vector<double>.Count * Vector<double>.Count;
        ReadOnlySpan<Vector<double>> sources = MemoryMarshal.Cast<double, Vector<double>>(source[..vectorized]);
        Span<Vector<double>> targets = MemoryMarshal.Cast<double, Vector<double>>(target[..vectorized]);
        Vector<double> scales = new(scale);
        for (int i = 0; i < sources.Length; i++)
        {
            targets[i] += sources[i] * scales;
        }

        for (int k = vectorized; k < source.Length; k++)
        {
            target[k] += source[k] * scale;
        }
    }
}
