namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>What a report keeps of an entry, or of a document as a whole, while it compares.</summary>
/// <param name="Key">Key of the entry, or of the document.</param>
/// <param name="Entry">The entry; of a document its first.</param>
/// <param name="Document">The document, without its metadata.</param>
internal sealed record ReportEntry(string Key, Entry Entry, ReportDocument Document)
{
    public long PixelCount => (long)Entry.Width * Entry.Height;

    /// <summary>Bytes of its share of the file for each pixel, and each second of a video; 0 when unknown.</summary>
    public double BytesPerPixel => PixelCount == 0
        ? 0
        : (double)Document.SizeInBytes / Math.Max(1, Document.EntryCount) / PixelCount / Math.Max(1, Entry.DurationSeconds ?? 1);

    /// <summary>As a report shows it.</summary>
    public DuplicateMember ToMember(double similarity = 1, string? source = null) => new()
    {
        Key = Key,
        Path = Document.Path,
        MediaType = Entry.MediaType,
        Width = Entry.Width,
        Height = Entry.Height,
        SizeInBytes = Document.SizeInBytes,
        ModifiedAt = Document.ModifiedAt,
        Similarity = Math.Round(similarity, 4),
        Source = source,
    };
}
