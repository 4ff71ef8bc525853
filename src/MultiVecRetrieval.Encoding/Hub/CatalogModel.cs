using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>A model that can be fetched by a short name.</summary>
public sealed record CatalogModel
{
    /// <summary>The short name.</summary>
    public required string Name { get; init; }

    /// <summary>The repository, <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>A commit where one is known, else a branch: then the checksums are those that the hub gives.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>What it is good for: <c>pages</c>, <c>photos</c>, <c>both</c> or <c>text</c>.</summary>
    public required string GoodFor { get; init; }

    /// <summary>Its size by variant of the graph, as published.</summary>
    public required string Size { get; init; }

    /// <summary>The licence of its weights.</summary>
    public required string Licence { get; init; }

    /// <summary>The languages that its text side knows.</summary>
    public required string Languages { get; init; }

    /// <summary>What it scores publicly, with the source; null when no figure is known.</summary>
    public string? Score { get; init; }

    /// <summary>What should be known before it is used; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>Written as <c>encoder.json</c> where the repository has none: what its files do not say; null for nothing.</summary>
    internal JsonObject? Encoder { get; init; }
}
