namespace MultiVecRetrieval.Numerics;

/// <summary>An owned set of vectors, [rows × d] row-major float32, each with an optional place.</summary>
/// <remarks>Rows of an encoder have unit length, so that an inner product is a cosine. Immutable by convention; safe to share.</remarks>
public sealed class MultiVector
{
    private readonly float[] _values;
    private readonly Place[]? _places;

    /// <summary>Wraps <paramref name="values"/> without copying.</summary>
    /// <param name="dimension">d, the length of a row; at least 1.</param>
    /// <param name="values">[rows × d]; its length is a multiple of <paramref name="dimension"/>.</param>
    /// <param name="places">Where each row comes from, one per row; null when unknown.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public MultiVector(int dimension, float[] values, Place[]? places = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole number of rows of d = {dimension}.", nameof(values));
        }

        if (places is not null && places.Length != values.Length / dimension)
        {
            throw new ArgumentException($"{places.Length} places given for {values.Length / dimension} rows.", nameof(places));
        }

        Dimension = dimension;
        _values = values;
        _places = places;
    }

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => _values.Length / Dimension;

    /// <summary>All values, [rows × d] row-major.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>One place per row, or empty when the rows have none.</summary>
    public ReadOnlySpan<Place> Places => _places;

    /// <summary>The row at <paramref name="index"/>, d values.</summary>
    public ReadOnlySpan<float> Row(int index) => _values.AsSpan(index * Dimension, Dimension);

    /// <summary>A borrowed view of the rows.</summary>
    public MultiVectorView View => new(Dimension, _values);
}
