namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What to look for; exactly one of text, image and entry.</summary>
public sealed record SearchBody
{
    /// <summary>Words to look for.</summary>
    public string? Text { get; init; }

    /// <summary>A picture to look for: base64 or a data URI.</summary>
    public string? Image { get; init; }

    /// <summary>Key of a stored entry to find similar ones of.</summary>
    public string? Entry { get; init; }

    /// <summary>Which sides take part: fused (default), vectors or text.</summary>
    public string? Using { get; init; }

    /// <summary>A condition, for instance <c>type = page and path like "reports/*"</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Number of hits wanted. Default 10.</summary>
    public int? Top { get; init; }

    /// <summary>Number of hits skipped. Default 0.</summary>
    public int? Offset { get; init; }

    /// <summary>Whether hits say what matched where. Default true.</summary>
    public bool? Explain { get; init; }
}
