using System.Buffers;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>Products of float32 matrices, tiled and packed: the same bits at every number of threads and every instruction set.</summary>
/// <remarks>
/// Each element of C is one chain of fused multiply-adds in the order of k, whoever computes it. Without the instruction the chain is
/// computed in software, exact but slow.
/// </remarks>
internal static class Gemm
{
    // A panel of B of this many steps (16 KiB) and one of A stay in the first-level cache.
    private const int StepCount = 128;

    // Rows of A that one task packs at a time: 16 panels, 64 KiB.
    private const int RowCount = 128;

    /// <summary>C = op(A)·op(B), or C += it.</summary>
    /// <param name="transposeA">Use Aᵀ in place of A.</param>
    /// <param name="transposeB">Use Bᵀ in place of B.</param>
    /// <param name="accumulate">Add to what C holds.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="level">The instruction set; null takes the best.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public static void Multiply(
        Matrix a, bool transposeA, Matrix b, bool transposeB, Matrix c, bool accumulate = false, int threads = 1,
            InstructionSet? level = null)
    {
        (int rows, int steps) = transposeA ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        (int stepsOfB, int columns) = transposeB ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        if (steps != stepsOfB || rows != c.Rows || columns != c.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: [{rows} x {steps}] x [{stepsOfB} x {columns}] into [{c.Rows} x {c.Columns}].");
        }

        if (!accumulate)
        {
            c.Span.Clear();
        }

        if (rows == 0 || columns == 0 || steps == 0)
        {
            return;
        }

        InstructionSet instructions = level ?? InstructionSets.Best;
        int panelCount = (columns + GemmTile.Width - 1) / GemmTile.Width;
        float[] packed = ArrayPool<float>.Shared.Rent(panelCount * GemmTile.Width * steps);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads };
        Parallel.For(0, panelCount, options, panel =>
            Pack(b, !transposeB, panel * GemmTile.Width, GemmTile.Width, 0, steps, packed.AsSpan(panel * GemmTile.Width * steps)));
        Parallel.For(0, (rows + RowCount - 1) / RowCount, options, block =>
            MultiplyRows(a, transposeA, packed, c, block * RowCount, Math.Min(RowCount, rows - (block * RowCount)), steps, instructions));
        ArrayPool<float>.Shared.Return(packed);
    }

    private static void MultiplyRows(
        Matrix a, bool transposeA, float[] packedB, Matrix c, int firstRow, int rowCount, int steps, InstructionSet level)
    {
        int rowPanels = (rowCount + GemmTile.Height - 1) / GemmTile.Height;
        float[] packedA = ArrayPool<float>.Shared.Rent(rowPanels * GemmTile.Height * StepCount);
        Span<float> edge = stackalloc float[GemmTile.Height * GemmTile.Width];
        for (int step = 0; step < steps; step += StepCount)
        {
            int count = Math.Min(StepCount, steps - step);
            for (int i = 0; i < rowPanels; i++)
            {
                Pack(a, transposeA, firstRow + (i * GemmTile.Height), GemmTile.Height, step, count,
                    packedA.AsSpan(i * GemmTile.Height * count));
            }

            for (int column = 0; column < c.Columns; column += GemmTile.Width)
            {
                ref float panelB = ref packedB[(column * steps) + (step * GemmTile.Width)];
                for (int i = 0; i < rowPanels; i++)
                {
                    int row = firstRow + (i * GemmTile.Height);
                    ref float panelA = ref packedA[i * GemmTile.Height * count];
                    if (row + GemmTile.Height <= c.Rows && column + GemmTile.Width <= c.Columns)
                    {
                        GemmTile.Run(level, ref panelA, ref panelB, ref c.Values[(row * c.Columns) + column], c.Columns, count);
                    }
                    else
                    {
                        RunEdge(level, ref panelA, ref panelB, c, row, column, count, edge);
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(packedA);
    }

    // A tile that reaches beyond C is computed in a buffer of full size; the panels hold zeros there.
    private static void RunEdge(
        InstructionSet level, ref float panelA, ref float panelB, Matrix c, int row, int column, int count, Span<float> edge)
    {
        int width = Math.Min(GemmTile.Width, c.Columns - column);
        int height = Math.Min(GemmTile.Height, c.Rows - row);
        edge.Clear();
        for (int i = 0; i < height; i++)
        {
            c[row + i].Slice(column, width).CopyTo(edge[(i * GemmTile.Width)..]);
        }

        GemmTile.Run(level, ref panelA, ref panelB, ref MemoryMarshal.GetReference(edge), GemmTile.Width, count);
        for (int i = 0; i < height; i++)
        {
            edge.Slice(i * GemmTile.Width, width).CopyTo(c[row + i].Slice(column, width));
        }
    }

    /// <summary>Copies a run of steps of <paramref name="width"/> lanes to [step][lane]; lanes beyond the matrix are zero.</summary>
    /// <param name="stepsAreRows">A row of the matrix is one step (its columns are lanes), not one lane.</param>
    private static void Pack(Matrix source, bool stepsAreRows, int firstLane, int width, int firstStep, int stepCount, Span<float> target)
    {
        target = target[..(stepCount * width)];
        int available = Math.Min(width, (stepsAreRows ? source.Columns : source.Rows) - firstLane);
        if (available < width)
        {
            target.Clear();
        }

        if (stepsAreRows)
        {
            for (int step = 0; step < stepCount; step++)
            {
                source[firstStep + step].Slice(firstLane, available).CopyTo(target[(step * width)..]);
            }

            return;
        }

        for (int lane = 0; lane < available; lane++)
        {
            ReadOnlySpan<float> row = source[firstLane + lane].Slice(firstStep, stepCount);
            for (int step = 0; step < row.Length; step++)
            {
                target[(step * width) + lane] = row[step];
            }
        }
    }
}
