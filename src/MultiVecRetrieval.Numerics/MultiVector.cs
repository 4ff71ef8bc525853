namespace MultiVecRetrieval.Numerics;

/// <summary>An owned set of vectors, [rows × d] row-major float32, each with an optional place, or with several when it was
/// merged.</summary>
/// <remarks>Rows of an encoder have unit length, so that an inner product is a cosine. Immutable by convention; safe to share.</remarks>
public sealed class MultiVector
{
    private readonly float[] _values;
    private readonly Place[]? _places;
    private readonly Place[]?[]? _members;
    private readonly float[]? _saliency;

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

    /// <summary>
    /// Per row the places that it stands for, nearest to it first, when they are several; then <see cref="Places"/> has the box, and the
    /// time span, around them. Null when every row has one place. Needs places.
    /// </summary>
    /// <exception cref="ArgumentException">They are not one list per row, or there are no places.</exception>
    public IReadOnlyList<Place[]?>? Members
    {
        get => _members;
        init
        {
            if (value is not null && value.Count != _places?.Length)
            {
                throw new ArgumentException($"{value.Count} lists of places were given for {_places?.Length ?? 0} rows with a place.",
                    nameof(value));
            }

            _members = value is null || value.All(list => list is not { Length: > 1 }) ? null : [.. value];
        }
    }

    /// <summary>The importance of each row, higher is more important, as an encoder gives it to a reduction; empty when unknown. Not
    /// stored.</summary>
    /// <exception cref="ArgumentException">They are not one per row.</exception>
    public ReadOnlyMemory<float> Saliency
    {
        get => _saliency;
        init
        {
            if (!value.IsEmpty && value.Length != RowCount)
            {
                throw new ArgumentException($"{value.Length} saliencies were given for {RowCount} rows.", nameof(value));
            }

            _saliency = value.IsEmpty ? null : value.ToArray();
        }
    }

    /// <summary>
    /// The spec of the reduction that made these rows; null when they are as an encoder gave them. A space that reduces so stores them as
    /// they are.
    /// </summary>
    public string? Reduction { get; init; }

    /// <summary>Every place that the row at <paramref name="index"/> stands for, nearest to it first; empty when it has none.</summary>
    public ReadOnlySpan<Place> PlacesOf(int index) =>
        _members?[index] is { Length: > 1 } several ? several : Places.IsEmpty ? [] : Places.Slice(index, 1);

    /// <summary>The row at <paramref name="index"/>, d values.</summary>
    public ReadOnlySpan<float> Row(int index) => _values.AsSpan(index * Dimension, Dimension);

    /// <summary>A borrowed view of the rows.</summary>
    public MultiVectorView View => new(Dimension, _values);
}
