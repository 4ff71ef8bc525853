namespace MultiVecRetrieval;

/// <summary>The unit that is ranked: an image, a page or a video.</summary>
public sealed record Entry
{
    /// <summary>The stable name, unique in its collection: <c>a/b.png</c> or <c>a/b.pdf#page=3</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The document it belongs to; set to that document's key when the entry is added.</summary>
    public required string DocumentKey { get; init; }

    /// <summary>What it is.</summary>
    public required MediaType MediaType { get; init; }

    /// <summary>Page number from 1; null for images and videos.</summary>
    public int? Page { get; init; }

    /// <summary>Pixels of an image or frame, points of a page; 0 when unknown.</summary>
    public int Width { get; init; }

    /// <summary>Pixels of an image or frame, points of a page; 0 when unknown.</summary>
    public int Height { get; init; }

    /// <summary>Length of a video; null for still pictures.</summary>
    public double? DurationSeconds { get; init; }
}
