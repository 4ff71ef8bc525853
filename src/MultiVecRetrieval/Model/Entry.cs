namespace MultiVecRetrieval;

/// <summary>The unit that is ranked: an image, a page, a video or a part of a text.</summary>
public sealed record Entry
{
    /// <summary>The stable name, unique in its collection: <c>a/b.png</c>, <c>a/b.pdf#page=3</c> or <c>a/b.md#section=2</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The document it belongs to; set to that document's key when the entry is added.</summary>
    public required string DocumentKey { get; init; }

    /// <summary>What it is.</summary>
    public required MediaType MediaType { get; init; }

    /// <summary>Number of the page, or of the section, slide or sheet, from 1; null for images and videos.</summary>
    public int? Page { get; init; }

    /// <summary>Pixels of an image or frame, points of a page; 0 when unknown and for texts.</summary>
    public int Width { get; init; }

    /// <summary>Pixels of an image or frame, points of a page; 0 when unknown.</summary>
    public int Height { get; init; }

    /// <summary>Length of a video; null for the others.</summary>
    public double? DurationSeconds { get; init; }
}
