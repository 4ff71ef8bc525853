namespace MultiVecRetrieval;

/// <summary>A metadata value: text, number or truth value.</summary>
public readonly record struct MetadataValue
{
    private MetadataValue(object value) => Value = value;

    /// <summary>A <see cref="string"/>, <see cref="double"/> or <see cref="bool"/>; null only in the default value.</summary>
    public object Value { get; }

    /// <summary>Makes a text value.</summary>
    public static implicit operator MetadataValue(string value) => new(value);

    /// <summary>Makes a number.</summary>
    public static implicit operator MetadataValue(double value) => new(value);

    /// <summary>Makes a truth value.</summary>
    public static implicit operator MetadataValue(bool value) => new(value);
}
