namespace MultiVecRetrieval;

/// <summary>A metadata value: text, number or truth value, or a list of these.</summary>
public readonly record struct MetadataValue
{
    private MetadataValue(object value) => Value = value;

    /// <summary>A <see cref="string"/>, <see cref="double"/> or <see cref="bool"/>, or of a list the read-only list of its elements; null
    /// only in the default value.</summary>
    public object Value { get; }

    /// <summary>The elements of a list; of a single value that value.</summary>
    public IReadOnlyList<MetadataValue> Elements => Value as IReadOnlyList<MetadataValue> ?? [this];

    /// <summary>True for a list, also one of one element or none.</summary>
    public bool IsList => Value is IReadOnlyList<MetadataValue>;

    /// <summary>Makes a text value.</summary>
    public static implicit operator MetadataValue(string value) => new(value);

    /// <summary>Makes a number.</summary>
    public static implicit operator MetadataValue(double value) => new(value);

    /// <summary>Makes a truth value.</summary>
    public static implicit operator MetadataValue(bool value) => new(value);

    /// <summary>Makes a list. A filter compares each element: a comparison is true where it is of any.</summary>
    /// <exception cref="ArgumentException">An element is a list, or has no value.</exception>
    public static MetadataValue List(IEnumerable<MetadataValue> elements)
    {
        MetadataValue[] all = [.. elements];
        return all.Any(element => element.IsList || element.Value is null)
            ? throw new ArgumentException("An element of a list is a text, a number or a truth value.", nameof(elements))
            : new MetadataValue(all);
    }

    /// <summary>True for the same value; lists are equal where their elements are, in order.</summary>
    public bool Equals(MetadataValue other) => IsList && other.IsList
        ? Elements.SequenceEqual(other.Elements)
        : Equals(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (!IsList)
        {
            return Value?.GetHashCode() ?? 0;
        }

        HashCode hash = default;
        foreach (MetadataValue element in Elements)
        {
            hash.Add(element);
        }

        return hash.ToHashCode();
    }

    /// <summary>The value as people read it; the elements of a list with commas between them.</summary>
    public override string ToString() => string.Join(", ", Elements.Select(element => element.Value switch
    {
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        var text => text?.ToString() ?? "",
    }));
}
