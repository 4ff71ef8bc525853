namespace MultiVecRetrieval.Server.Bodies;

/// <summary>An attribute of a collection.</summary>
public sealed record AttributeBody
{
    /// <summary>Its name; entries have its values as the field <c>attribute.NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The values that entries may have.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The text that is compared with entries; {} stands for a value.</summary>
    public required string Template { get; init; }

    /// <summary>The space whose rows are compared; null where the collection's models decide.</summary>
    public string? Space { get; init; }

    /// <summary>True where an entry may have several values.</summary>
    public required bool IsMultiple { get; init; }

    /// <summary>Similarity from which an entry has a value; null where the model decides.</summary>
    public double? Threshold { get; init; }

    /// <summary>Entries that were not compared yet.</summary>
    public required long WaitingEntryCount { get; init; }

    internal static AttributeBody From(AttributeState state) => new()
    {
        Name = state.Attribute.Name,
        Values = state.Attribute.Values,
        Template = state.Attribute.Template,
        Space = state.Attribute.Space,
        IsMultiple = state.Attribute.IsMultiple,
        Threshold = state.Attribute.Threshold,
        WaitingEntryCount = state.WaitingEntryCount,
    };
}
