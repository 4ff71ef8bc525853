namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Rows filled up with zeros to a multiple of <see cref="RowKernels.LaneCount"/> values, as the kernels read them.</summary>
internal sealed class PaddedRows
{
    public PaddedRows(int dimension, int rowCount)
    {
        Stride = (dimension + RowKernels.LaneCount - 1) / RowKernels.LaneCount * RowKernels.LaneCount;
        RowCount = rowCount;
        Values = new float[checked(Stride * rowCount)];
    }

    /// <summary>Copies all rows.</summary>
    public PaddedRows(MultiVectorView rows)
        : this(rows.Dimension, rows.RowCount)
    {
        for (int i = 0; i < RowCount; i++)
        {
            rows.Row(i).CopyTo(Row(i));
        }
    }

    /// <summary>Copies some rows.</summary>
    public PaddedRows(MultiVectorView rows, ReadOnlySpan<int> indexes)
        : this(rows.Dimension, indexes.Length)
    {
        for (int i = 0; i < RowCount; i++)
        {
            rows.Row(indexes[i]).CopyTo(Row(i));
        }
    }

    /// <summary>Values from one row to the next.</summary>
    public int Stride { get; }

    public int RowCount { get; }

    public float[] Values { get; }

    public Span<float> Row(int index) => Values.AsSpan(index * Stride, Stride);
}
