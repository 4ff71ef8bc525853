namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>What was read from a text document.</summary>
/// <param name="Title">The title that it gives itself, or null.</param>
/// <param name="Metadata">Its properties.</param>
/// <param name="Parts">Its parts in their order; at least one.</param>
internal sealed record TextContent(string? Title, IReadOnlyDictionary<string, MetadataValue> Metadata, IReadOnlyList<TextPart> Parts)
{
    /// <summary>What stands before the number in the key of a section.</summary>
    public const string SectionMark = "#section=";

    /// <summary>What stands before the number in the key of a slide.</summary>
    public const string SlideMark = "#slide=";

    /// <summary>What stands before the number in the key of a sheet.</summary>
    public const string SheetMark = "#sheet=";

    /// <summary>UTF-16 units of one entry, about: that of a full page, so that texts and pages compete on equal terms.</summary>
    public const int MaxPartLength = 4000;
}
