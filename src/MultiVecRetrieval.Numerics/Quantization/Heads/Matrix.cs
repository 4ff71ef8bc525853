namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>A row-major float32 matrix, [rows × columns].</summary>
internal sealed class Matrix
{
    /// <summary>A matrix of zeros.</summary>
    public Matrix(int rows, int columns)
        : this(rows, columns, new float[checked(rows * columns)])
    {
    }

    /// <summary>Wraps <paramref name="values"/> without copying; there may be more of them than the matrix has.</summary>
    public Matrix(int rows, int columns, float[] values)
    {
        if (values.Length < (long)rows * columns)
        {
            throw new ArgumentException($"{values.Length} values for a matrix of {rows} x {columns}.", nameof(values));
        }

        Rows = rows;
        Columns = columns;
        Values = values;
    }

    public int Rows { get; }

    public int Columns { get; }

    public float[] Values { get; }

    public Span<float> Span => Values.AsSpan(0, Rows * Columns);

    public Span<float> this[int row] => Values.AsSpan(row * Columns, Columns);

    /// <summary>A copy of the rows at <paramref name="indices"/>, in that order.</summary>
    public Matrix Gather(ReadOnlySpan<int> indices)
    {
        Matrix gathered = new(indices.Length, Columns);
        for (int i = 0; i < indices.Length; i++)
        {
            this[indices[i]].CopyTo(gathered[i]);
        }

        return gathered;
    }

    public Matrix Clone() => new(Rows, Columns, Span.ToArray());
}
