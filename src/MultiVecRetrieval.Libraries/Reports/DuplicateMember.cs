namespace MultiVecRetrieval;

/// <summary>One of several copies.</summary>
public sealed record DuplicateMember
{
    /// <summary>Key of the entry; of an exact copy that of its document.</summary>
    public required string Key { get; init; }

    /// <summary>Where its file is; null for bytes without a path.</summary>
    public string? Path { get; init; }

    /// <summary>What it is.</summary>
    public required MediaType MediaType { get; init; }

    /// <summary>Pixels, of a page points; 0 when unknown.</summary>
    public int Width { get; init; }

    /// <summary>Pixels, of a page points; 0 when unknown.</summary>
    public int Height { get; init; }

    /// <summary>Length of its file.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>When its file was last changed.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>How similar it is to the one that is to be kept, at most 1; 1 for an exact copy and for the one itself.</summary>
    public double Similarity { get; init; } = 1;

    /// <summary>What found it similar: <c>content</c>, <c>vectors:SPACE</c>, <c>fingerprint</c>, of videos <c>segments</c>; null for the
    /// one that is to be kept.</summary>
    public string? Source { get; init; }
}
