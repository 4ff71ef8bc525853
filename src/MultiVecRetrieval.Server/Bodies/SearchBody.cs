namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What to look for; exactly one of text, image and entry.</summary>
public sealed record SearchBody : SearchParameters
{
    /// <summary>A picture to look for: base64 or a data URI.</summary>
    public string? Image { get; init; }
}
