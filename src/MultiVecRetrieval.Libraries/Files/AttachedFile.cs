namespace MultiVecRetrieval;

/// <summary>A file of a collection.</summary>
public sealed record AttachedFile
{
    /// <summary>Its id; of a file that the library does not hold made of its path.</summary>
    public required string Id { get; init; }

    /// <summary>Its name without folders.</summary>
    public required string FileName { get; init; }

    /// <summary>How far it is.</summary>
    public required AttachedState State { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>True when it failed because files of its type are not read.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>Key of the document that it became; null when it became none.</summary>
    public string? DocumentKey { get; init; }

    /// <summary>What the ledger says of it; null before a run saw it.</summary>
    public SourceFile? Source { get; init; }

    /// <summary>Length of the file.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>When it was given; of a file that lies elsewhere when it was changed.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The metadata that it was attached with by this process; empty when it was attached before.</summary>
    public IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; } = new Dictionary<string, MetadataValue>();
}
