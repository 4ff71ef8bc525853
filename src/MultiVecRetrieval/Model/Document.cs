namespace MultiVecRetrieval;

/// <summary>One file that the user added.</summary>
public sealed record Document
{
    /// <summary>The stable name, unique in its collection; compared ordinally, case matters.</summary>
    public required string Key { get; init; }

    /// <summary>What its entries are.</summary>
    public required MediaType MediaType { get; init; }

    /// <summary>MIME type, found from the bytes.</summary>
    public required string ContentType { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Absolute path of the file; null for bytes without a path.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The title that the file gives itself, if any.</summary>
    public string? Title { get; init; }

    /// <summary>Length of the file.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>When the file was last changed; kept to 100 ns, returned in UTC.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When the document was committed; set by the engine.</summary>
    public DateTimeOffset IndexedAt { get; init; }

    /// <summary>The number of its entries; set by the engine.</summary>
    public int EntryCount { get; init; }

    /// <summary>How many entries it is going to have, while it is stored part by part and not whole yet; null when it is whole.</summary>
    public int? ExpectedEntryCount { get; init; }

    /// <summary>Fields of the user, for filters (<c>meta.NAME</c>).</summary>
    public IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; } = new Dictionary<string, MetadataValue>();

    /// <summary>What a client keeps with the document and gets back as it gave it: JSON. Filters do not see it. Null, the default:
    /// nothing.</summary>
    public string? Payload { get; init; }
}
