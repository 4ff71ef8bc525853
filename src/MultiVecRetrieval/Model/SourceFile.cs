namespace MultiVecRetrieval;

/// <summary>One file that indexing saw, and what became of it.</summary>
public sealed record SourceFile
{
    /// <summary>Absolute path of the indexed root.</summary>
    public required string Root { get; init; }

    /// <summary>Path relative to <see cref="Root"/>, with '/' between folders.</summary>
    public required string Path { get; init; }

    /// <summary>What names it in the ledger.</summary>
    public SourceKey GetKey() => new(Root, Path);

    /// <summary>What became of it.</summary>
    public required SourceState State { get; init; }

    /// <summary>Why it failed or was excluded.</summary>
    public string? Reason { get; init; }

    /// <summary>The limit or setting that decided, when there is one.</summary>
    public string? Setting { get; init; }

    /// <summary>Length of the file when it was seen.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>Modification time when it was seen; returned in UTC.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When content or status last changed when it was seen, where the file system tells it (ctime); in UTC.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>SHA-256, lower-case hexadecimal, when it was read.</summary>
    public string? ContentHash { get; init; }

    /// <summary>The document it became.</summary>
    public string? DocumentKey { get; init; }

    /// <summary>True when it was indexed before and is no longer on disk.</summary>
    public bool IsMissing { get; init; }
}
