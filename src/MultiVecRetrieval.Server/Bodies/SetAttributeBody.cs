namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What an attribute is to be.</summary>
public sealed record SetAttributeBody
{
    /// <summary>The values that entries may have, at most 1,000.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The text that is compared with entries; {} stands for a value. Default "{}".</summary>
    public string? Template { get; init; }

    /// <summary>The space whose rows are compared. Default: the first that compares words with what pictures show, else the first of
    /// meanings of text.</summary>
    public string? Space { get; init; }

    /// <summary>True where an entry may have several values. Default false: the most similar one.</summary>
    public bool IsMultiple { get; init; }

    /// <summary>Similarity from which an entry has a value, in [-1, 1]. Default: from which the model takes what is asked for to be
    /// there; where a model has no such, the most similar value of each entry.</summary>
    public double? Threshold { get; init; }

    internal AttributeDefinition ToAttribute(string name)
    {
        AttributeDefinition attribute = new()
        {
            Name = name,
            Values = Values,
            Template = Template ?? "{}",
            Space = Space,
            IsMultiple = IsMultiple,
            Threshold = Threshold,
        };
        try
        {
            AttributeDefinition.Check(attribute);
        }
        catch (ArgumentException wrong)
        {
            throw RequestException.Invalid("attribute", ErrorText.Get(wrong));
        }

        return attribute;
    }
}
