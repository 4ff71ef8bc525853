using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Reads documents that are text: plain, Markdown, HTML, office documents. Thread-safe.</summary>
/// <param name="limits">Bounds on bytes, archives and sections.</param>
internal sealed class TextDocumentReader(MediaLimits limits)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="MediaException">It is damaged, hostile, no text, or over a limit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TextContent Read(string path, MediaFormat format, CancellationToken cancellationToken)
    {
        (string fullPath, long length) = MediaFile.Check(path, limits);
        using FileStream file = MediaFile.Open(fullPath);
        TextContent content = format switch
        {
            MediaFormat.Word or MediaFormat.Presentation or MediaFormat.Workbook =>
                OfficeReader.Read(file, format, limits, cancellationToken),
            MediaFormat.OpenDocument or MediaFormat.LegacyOffice => Convert(fullPath, file, format, cancellationToken),
            MediaFormat.Html => HtmlReader.Read(ReadBytes(file, length), limits.FileTimeout, cancellationToken),
            MediaFormat.Markdown => MarkdownReader.Read(ReadBytes(file, length), limits.FileTimeout, cancellationToken),
            _ => PlainTextReader.Read(ReadBytes(file, length)),
        };
        return content.Parts.Count <= limits.MaxPages
            ? content
            : throw new MediaException($"The text has {content.Parts.Count} sections; the limit is {limits.MaxPages}.", "media:maxPages");
    }

    private TextContent Convert(string path, FileStream file, MediaFormat format, CancellationToken cancellationToken)
    {
        MediaFormat target = OfficeSniffer.FindTarget(file, format);
        return target == MediaFormat.Unknown
            ? throw new UnsupportedMediaException("The document is neither a text nor a presentation nor a sheet.")
            : new OfficeConverter(limits).Read(
                path, target, converted => OfficeReader.Read(converted, target, limits, cancellationToken), cancellationToken);
    }

    private byte[] ReadBytes(FileStream file, long length)
    {
        if (length > limits.MaxTextBytes)
        {
            throw new MediaException($"The text has {length} bytes; the limit is {limits.MaxTextBytes}.", "media:maxTextBytes");
        }

        byte[] bytes = new byte[length];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == length ? bytes : bytes[..read];
    }
}
