namespace MultiVecRetrieval;

/// <summary>
/// A property of what entries show, with the values that it may have: "colour: red, green, blue". Entries get those values that a model
/// finds in them as the field <c>attribute.NAME</c>, for filters, sorting and facets.
/// </summary>
public sealed record AttributeDefinition
{
    /// <summary>Values at most.</summary>
    public const int MaxValues = 1_000;

    /// <summary>The name: up to 64 letters, digits, '_' and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>The values, at most 1,000, as they are stored and, within <see cref="Template"/>, asked for.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The text that is compared with entries; {} stands for a value. Default "{}".</summary>
    public string Template { get; init; } = "{}";

    /// <summary>The space whose rows are compared. Null, the default: the first that compares words with what pictures show, else the
    /// first of meanings of text.</summary>
    public string? Space { get; init; }

    /// <summary>True where an entry may have several values. Default false: the most similar one.</summary>
    public bool IsMultiple { get; init; }

    /// <summary>Similarity from which an entry has a value, in [-1, 1]. Null, the default: from which the model takes what is asked for
    /// to be there; where a model has no such, the most similar value of each entry.</summary>
    public double? Threshold { get; init; }

    /// <summary>Refuses an attribute that cannot be taken.</summary>
    /// <exception cref="ArgumentException">The name, the values, the template or the threshold; the message says why.</exception>
    public static void Check(AttributeDefinition attribute)
    {
        const int MaxNameLength = 64;
        ArgumentNullException.ThrowIfNull(attribute);
        if (attribute.Name is not { Length: > 0 and <= MaxNameLength } name
            || !name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-'))
        {
            throw new ArgumentException(
                $"'{attribute.Name}' is no name of an attribute: up to {MaxNameLength} letters, digits, '_' and '-'.", nameof(attribute));
        }

        if (attribute.Values is not { Count: > 0 and <= MaxValues } values || values.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException(
                $"Attribute '{name}' has {attribute.Values?.Count ?? 0} values; it takes 1 to {MaxValues}, none of them empty.",
                nameof(attribute));
        }

        foreach (string value in values)
        {
            EntryRules.CheckKey(value, nameof(attribute));
        }

        if (values.GroupBy(value => value, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Attribute '{name}' has the value '{twice.Key}' twice.", nameof(attribute));
        }

        if (attribute.Template?.Contains("{}", StringComparison.Ordinal) != true)
        {
            throw new ArgumentException(
                $"The template of attribute '{name}' is '{attribute.Template}'; it has {{}} where a value stands.", nameof(attribute));
        }

        if (attribute.Threshold is { } threshold && !(threshold is >= -1 and <= 1))
        {
            throw new ArgumentException($"The threshold of attribute '{name}' is {threshold}; it is in [-1, 1].", nameof(attribute));
        }
    }
}
