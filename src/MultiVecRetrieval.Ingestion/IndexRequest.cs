namespace MultiVecRetrieval;

/// <summary>What to index into which collection.</summary>
public sealed record IndexRequest
{
    /// <summary>Name of the collection; created when there is none.</summary>
    public required string Collection { get; init; }

    /// <summary>Files or folders; empty = every root that was indexed before.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>
    /// Names or folders of models, each a space of the collection. Empty = the collection's own spaces, or the bundled model for a
    /// new collection. A model that is new to the collection is added; everything indexed before is then encoded for it too.
    /// </summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>
    /// How rows of the spaces that this run makes are reduced; null takes the setting <c>reduction</c>. A space that is there
    /// already must have the same.
    /// </summary>
    public string? Reduction { get; init; }

    /// <summary>Globs on the path relative to the root (<c>drafts/**</c>, <c>*.tmp</c>); what they match is excluded.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Removes documents whose files are gone. Otherwise they are only reported.</summary>
    public bool RemoveMissing { get; init; }

    /// <summary>With <see cref="RemoveMissing"/>: keeps the documents of a folder that is gone or empty as a whole, as a drive is that is not
    /// mounted, and says so. Always so where <see cref="Paths"/> is empty. Default false.</summary>
    public bool KeepGoneFolders { get; init; }

    /// <summary>Compares the content of every file, also of those whose size and times are unchanged.</summary>
    public bool Reread { get; init; }

    /// <summary>Metadata of every document that this run adds or replaces.</summary>
    public IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; } = new Dictionary<string, MetadataValue>();
}
