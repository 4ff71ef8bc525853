namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A file that indexing saw.</summary>
public sealed record SourceFileBody
{
    /// <summary>Folder that was indexed.</summary>
    public required string Root { get; init; }

    /// <summary>Path below the root.</summary>
    public required string Path { get; init; }

    /// <summary>pending, indexed, failed or excluded.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed or was excluded.</summary>
    public string? Reason { get; init; }

    /// <summary>The setting that decided, when there is one.</summary>
    public string? Setting { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>Key of its document, when indexed.</summary>
    public string? DocumentKey { get; init; }

    /// <summary>True when it is no longer on disk.</summary>
    public required bool IsMissing { get; init; }

    internal static SourceFileBody From(SourceFile source) => new()
    {
        Root = source.Root,
        Path = source.Path,
        State = source.State.ToString().ToLowerInvariant(),
        Reason = source.Reason,
        Setting = source.Setting,
        SizeInBytes = source.SizeInBytes,
        DocumentKey = source.DocumentKey,
        IsMissing = source.IsMissing,
    };
}
