namespace MultiVecRetrieval.Numerics;

/// <summary>A borrowed set of vectors, [rows × d] row-major float32.</summary>
public readonly ref struct MultiVectorView
{
    /// <summary>Views <paramref name="values"/> as rows of length <paramref name="dimension"/>.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="dimension"/>.</exception>
    public MultiVectorView(int dimension, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole number of rows of d = {dimension}.", nameof(values));
        }

        Dimension = dimension;
        Values = values;
    }

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Dimension == 0 ? 0 : Values.Length / Dimension;

    /// <summary>All values, [rows × d] row-major.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The row at <paramref name="index"/>, d values.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.Slice(index * Dimension, Dimension);
}
