using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>One collection.</summary>
internal sealed record CollectionItem
{
    public required string Name { get; init; }

    public required long Documents { get; init; }

    [Description("Pages, pictures, texts and videos.")]
    public required long Entries { get; init; }

    [Description("Entries by type: image, page, video, text.")]
    public required IReadOnlyDictionary<string, long> EntriesByType { get; init; }

    [Description("Why it cannot be read; absent when it can.")]
    public string? Problem { get; init; }
}
