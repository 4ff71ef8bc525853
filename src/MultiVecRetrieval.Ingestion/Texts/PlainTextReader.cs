namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Reads plain text: sections of about a page.</summary>
internal static class PlainTextReader
{
    /// <exception cref="Media.MediaException">The bytes are no text.</exception>
    public static TextContent Read(byte[] bytes) =>
        new(Title: null, new Dictionary<string, MetadataValue>(), SectionBuilder.Cut(TextDecoder.Decode(bytes)));
}
