namespace MultiVecRetrieval.Server.Bodies;

/// <summary>One file of a collection.</summary>
public sealed record DocumentBody
{
    /// <summary>Key of the document.</summary>
    public required string Key { get; init; }

    /// <summary>image, page, video, text or record: what its entries are.</summary>
    public required string Type { get; init; }

    /// <summary>MIME type, found from the bytes.</summary>
    public required string ContentType { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Title, when the file has one.</summary>
    public string? Title { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>When the file was last written.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When it was indexed.</summary>
    public required DateTimeOffset IndexedAt { get; init; }

    /// <summary>Number of its entries.</summary>
    public required int EntryCount { get; init; }

    /// <summary>How many entries it is going to have, while only a part of it is there; null when it is whole.</summary>
    public int? ExpectedEntryCount { get; init; }

    /// <summary>Metadata by name: a text, a number, a truth value or a list of these.</summary>
    public required IReadOnlyDictionary<string, object> Metadata { get; init; }

    /// <summary>The original file.</summary>
    public required string FileUrl { get; init; }

    internal static DocumentBody From(Document document, EntryLinks links) => new()
    {
        Key = document.Key,
        Type = EntryBody.Name(document.MediaType),
        ContentType = document.ContentType,
        ContentHash = document.ContentHash,
        Title = document.Title,
        SizeInBytes = document.SizeInBytes,
        ModifiedAt = document.ModifiedAt,
        IndexedAt = document.IndexedAt,
        EntryCount = document.EntryCount,
        ExpectedEntryCount = document.ExpectedEntryCount,
        Metadata = document.Metadata.ToDictionary(pair => pair.Key, pair => ToJson(pair.Value)),
        FileUrl = links.File(document.Key, document.ContentHash),
    };

    private static object ToJson(MetadataValue value) =>
        value.IsList ? value.Elements.Select(element => element.Value).ToArray() : value.Value;
}
