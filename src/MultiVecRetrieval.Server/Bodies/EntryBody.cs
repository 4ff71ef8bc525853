namespace MultiVecRetrieval.Server.Bodies;

/// <summary>An image, a page, a video or a part of a text.</summary>
public sealed record EntryBody
{
    /// <summary>Key of the entry.</summary>
    public required string Key { get; init; }

    /// <summary>Key of its document.</summary>
    public required string Document { get; init; }

    /// <summary>image, page, video, text or record.</summary>
    public required string Type { get; init; }

    /// <summary>Number of the page, or of the section, slide or sheet, from 1.</summary>
    public int? Page { get; init; }

    /// <summary>Width in pixels of an image or frame, in points of a page; 0 of a text.</summary>
    public required int Width { get; init; }

    /// <summary>Height in the unit of the width.</summary>
    public required int Height { get; init; }

    /// <summary>Length of a video in seconds.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>A small JPEG; absent for a text and a record.</summary>
    public string? ThumbnailUrl { get; init; }

    /// <summary>A large JPEG; absent for a text and a record.</summary>
    public string? PictureUrl { get; init; }

    /// <summary>The original file of its document.</summary>
    public required string FileUrl { get; init; }

    /// <summary>MIME type of that file.</summary>
    public required string ContentType { get; init; }

    /// <summary>Text of the text layer; only when one entry is asked for.</summary>
    public string? Text { get; init; }

    /// <summary>The values that it has of attributes; only when one entry is asked for.</summary>
    public IReadOnlyList<EntryAttributeBody>? Attributes { get; init; }

    /// <summary>How the text of a text begins.</summary>
    public string? Excerpt { get; init; }

    internal static EntryBody From(Entry entry, Document document, EntryLinks links, string? text = null, string? excerpt = null) => new()
    {
        Key = entry.Key,
        Document = entry.DocumentKey,
        Type = Name(entry.MediaType),
        Page = entry.Page,
        Width = entry.Width,
        Height = entry.Height,
        DurationSeconds = entry.DurationSeconds,
        ThumbnailUrl = links.Picture(entry, document.ContentHash, EntryLinks.ThumbnailSize),
        PictureUrl = links.Picture(entry, document.ContentHash, EntryLinks.PictureSize),
        FileUrl = links.File(document.Key, document.ContentHash),
        ContentType = document.ContentType,
        Text = text,
        Excerpt = excerpt,
    };

    internal static string Name(MediaType type) => type switch
    {
        MultiVecRetrieval.MediaType.Image => "image",
        MultiVecRetrieval.MediaType.Page => "page",
        MultiVecRetrieval.MediaType.Video => "video",
        MultiVecRetrieval.MediaType.Text => "text",
        MultiVecRetrieval.MediaType.Record => "record",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
