using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores a <see cref="CodeChunk"/> entry by entry: per query row the greatest value over the entry's codes, then the
/// sum.</summary>
/// <param name="table">The similarities of the first codes.</param>
/// <param name="codeSize">Bytes of a code.</param>
/// <param name="residualSize">Bytes of a residual code, 0 without.</param>
internal abstract class CodeChunkScorer(CodeTable table, int codeSize, int residualSize) : CodeScorer
{
    // Maxima of this many query rows live on the stack at a time.
    private const int PanelRowCount = 4 * CodeMaxima.Run;

    /// <summary>The similarities of the first codes.</summary>
    protected CodeTable Table { get; } = table;

    /// <summary>The number of query rows, rounded up to whole runs.</summary>
    protected int Width { get; } = GetWidth(table);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores)
    {
        CodeChunk view = new(chunk, scores.Length, codeSize, residualSize);
        for (int entry = 0; entry < scores.Length; entry++)
        {
            scores[entry] = (float)Sum(view, entry);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        CodeChunk view = new(chunk, entryCount, codeSize, residualSize);
        for (int i = 0; i < entries.Length; i++)
        {
            scores[i] = (float)Sum(view, entries[i]);
        }
    }

    /// <inheritdoc/>
    public override void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds)
    {
        if (!Table.HasBounds)
        {
            base.ScoreUpperBounds(chunk, bounds);
        }

        CodeChunk view = new(chunk, bounds.Length, codeSize, residualSize);
        for (int entry = 0; entry < bounds.Length; entry++)
        {
            bounds[entry] = GetBound(view, entry);
        }
    }

    /// <summary>The number of query rows of a table, rounded up to whole runs.</summary>
    protected static int GetWidth(CodeTable table) => (table.QueryRowCount + CodeMaxima.Run - 1) / CodeMaxima.Run * CodeMaxima.Run;

    /// <summary>Raises the maxima of query rows from <paramref name="firstRow"/> on to the values of the entry's codes.</summary>
    protected abstract void Raise(CodeChunk chunk, int entry, int firstRow, Span<float> maxima);

    /// <summary>Bounds the MaxSim of an entry.</summary>
    protected abstract float GetBound(CodeChunk chunk, int entry);

    /// <summary>The sum of the maxima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected double Sum(CodeChunk chunk, int entry)
    {
        Span<float> panel = stackalloc float[PanelRowCount];
        double sum = 0;
        for (int first = 0; first < Width; first += PanelRowCount)
        {
            Span<float> maxima = FindMaxima(chunk, entry, first, panel);
            int rowCount = Math.Min(maxima.Length, Table.QueryRowCount - first);
            for (int row = 0; row < rowCount; row++)
            {
                sum += maxima[row];
            }
        }

        return sum;
    }

    /// <summary>Σ|q_i| · the bound of the cosine of query row i with any row of the entry.</summary>
    protected double SumCosineBounds(CodeChunk chunk, int entry, double minCosine)
    {
        Span<float> panel = stackalloc float[PanelRowCount];
        double sum = 0;
        for (int first = 0; first < Width; first += PanelRowCount)
        {
            Span<float> maxima = FindMaxima(chunk, entry, first, panel);
            int rowCount = Math.Min(maxima.Length, Table.QueryRowCount - first);
            for (int row = 0; row < rowCount; row++)
            {
                sum += Table.QueryNorms[first + row] * Math.Max(0, Table.GetCosineBound(first + row, maxima[row], minCosine));
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Span<float> FindMaxima(CodeChunk chunk, int entry, int first, Span<float> panel)
    {
        Span<float> maxima = panel[..Math.Min(PanelRowCount, Width - first)];
        maxima.Fill(float.NegativeInfinity);
        Raise(chunk, entry, first, maxima);
        return maxima;
    }
}
