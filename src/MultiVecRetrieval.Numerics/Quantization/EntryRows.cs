namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Borrowed rows of several entries, one entry after the other.</summary>
public readonly ref struct EntryRows
{
    /// <summary>Views rows of several entries.</summary>
    /// <param name="dimension">d, the length of a row; at least 1.</param>
    /// <param name="values">All rows, [rows × d] row-major.</param>
    /// <param name="rowOffsets">The first row of each entry, ascending from 0, then the number of rows: one more than there are
    /// entries.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public EntryRows(int dimension, ReadOnlySpan<float> values, ReadOnlySpan<int> rowOffsets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (rowOffsets.IsEmpty || rowOffsets[0] != 0 || (long)rowOffsets[^1] * dimension != values.Length)
        {
            throw new ArgumentException(
                $"Row offsets begin with 0 and end with the number of rows, {values.Length / dimension}.", nameof(rowOffsets));
        }

        for (int i = 1; i < rowOffsets.Length; i++)
        {
            if (rowOffsets[i] < rowOffsets[i - 1])
            {
                throw new ArgumentException($"Row offset {i} is {rowOffsets[i]}, less than the one before, {rowOffsets[i - 1]}.",
                    nameof(rowOffsets));
            }
        }

        Dimension = dimension;
        Values = values;
        RowOffsets = rowOffsets;
    }

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; }

    /// <summary>The number of entries.</summary>
    public int EntryCount => RowOffsets.Length - 1;

    /// <summary>The number of rows of all entries.</summary>
    public int RowCount => RowOffsets[^1];

    /// <summary>All rows, [rows × d] row-major.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The first row of each entry, then the number of rows.</summary>
    public ReadOnlySpan<int> RowOffsets { get; }

    /// <summary>The rows of the entry at <paramref name="index"/>.</summary>
    public MultiVectorView this[int index] =>
        new(Dimension, Values[(RowOffsets[index] * Dimension)..(RowOffsets[index + 1] * Dimension)]);
}
