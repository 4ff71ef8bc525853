namespace MultiVecRetrieval.Eval.Presence;

/// <summary>What similarities are measured on.</summary>
internal sealed record PresenceOptions
{
    /// <summary>Folder of collections.</summary>
    public string DataFolder { get; init; } = "indexes";

    /// <summary>A collection of pages with text layers, indexed with the model.</summary>
    public required string Collection { get; init; }

    /// <summary>Name of the space.</summary>
    public string Space { get; init; } = "page-words";

    /// <summary>Pages, evenly taken. Default 140.</summary>
    public int PageCount { get; init; } = 140;

    /// <summary>Words of each kind per page or picture. Default 20.</summary>
    public int WordCount { get; init; } = 20;

    /// <summary>Folder that tools/models/page-words/scenes.py wrote; null for pages only.</summary>
    public string? ScenesFolder { get; init; }

    /// <summary>Scenes that are read. Default 40.</summary>
    public int SceneCount { get; init; } = 40;

    /// <summary>The same seed, collection and scenes give the same figures. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
