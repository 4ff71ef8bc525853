namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What to look for: any of text, image, entry and parts, which together are one question.</summary>
public record SearchBody : SearchParameters
{
    /// <summary>A picture to look for: base64 or a data URI.</summary>
    public string? Image { get; init; }

    /// <summary>Further parts of the question, up to 16 in all.</summary>
    public IReadOnlyList<QueryPartBody>? Parts { get; init; }
}
