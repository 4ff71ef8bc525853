namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>A part of a question with all that can be compared: rows by space, words, fingerprints.</summary>
/// <param name="Part">The part.</param>
/// <param name="Label">How answers name it.</param>
internal sealed record EncodedPart(QueryPart Part, string Label)
{
    /// <summary>Rows by the name of their space.</summary>
    public Dictionary<string, PartRows> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>What full text looks for; null when it is not asked.</summary>
    public string? Text { get; set; }

    public Fingerprint? Fingerprint { get; set; }

    public string? ContentHash { get; set; }

    /// <summary>How formulas name a part.</summary>
    public static string LabelOf(QueryPart part)
    {
        const int MaxLength = 40;
        string label = part.Text is { } text
            ? $"\"{(text.Length > MaxLength ? text[..(MaxLength - 1)] + "…" : text)}\""
            : part.Entry ?? (part.HasPicture ? "picture" : "rows");
        label = part.Region is null ? label : $"part of {label}";
        return part.Attribute is null ? label : $"{part.Attribute} of {label}";
    }
}
