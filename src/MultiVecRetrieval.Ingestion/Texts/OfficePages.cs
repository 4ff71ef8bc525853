using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// The pages of office documents as PDF. What was converted is kept in a cache of bounded size, and converted anew when it is gone from
/// there. Spreadsheets have none: printed they are cut into sheets of paper that nobody has ever seen. Thread-safe.
/// </summary>
/// <param name="limits">Bounds on time and memory.</param>
/// <param name="cache">Where converted documents are kept.</param>
/// <param name="toolFolder">Looked in for LibreOffice before the folders of PATH; null for PATH alone.</param>
internal sealed class OfficePages(MediaLimits limits, FileCache cache, string? toolFolder)
{
    private static readonly string[] ContentTypes =
    [
        .. ((MediaFormat[])[MediaFormat.Word, MediaFormat.Presentation, MediaFormat.OpenDocument, MediaFormat.LegacyOffice])
            .Select(MediaSniffer.GetContentType),
    ];

    private readonly OfficeConverter _converter = new(limits, toolFolder);

    /// <summary>True for a document whose pages can be drawn.</summary>
    /// <param name="format">What it is.</param>
    /// <param name="content">What was read of it.</param>
    public static bool CanDraw(MediaFormat format, TextContent content) =>
        format is MediaFormat.Word or MediaFormat.Presentation or MediaFormat.OpenDocument or MediaFormat.LegacyOffice
        && !content.Parts[0].Mark.StartsWith(TextContent.SheetMark, StringComparison.Ordinal);

    /// <summary>True for a stored document whose pages were drawn.</summary>
    public static bool AreOf(Document document) => document.MediaType == MediaType.Page && ContentTypes.Contains(document.ContentType);

    /// <summary>The program without which no page can be drawn, looked for as it is called; null when all are there.</summary>
    public static ExternalProgram? FindMissing(string? toolFolder) =>
        ExternalProgram.For(MediaType.Page).Prepend(ExternalProgram.LibreOffice)
            .FirstOrDefault(program => program.Find(toolFolder) is null);

    /// <summary>The PDF of a document, from the cache or converted now.</summary>
    /// <param name="document">A document whose file is the one that was indexed.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">It cannot be converted, or not within the limits.</exception>
    public ConvertedFile Open(Document document, CancellationToken cancellationToken)
    {
        string name = $"{document.ContentHash}.pdf";
        if (cache.Find(name) is { } kept)
        {
            return new ConvertedFile(kept, folder: null);
        }

        ConvertedFile made = _converter.ToPdf(document.SourcePath!, FindKind(document.SourcePath!), cancellationToken);
        if (MediaSniffer.DetectFile(made.Path) != MediaFormat.Pdf)
        {
            made.Dispose();
            throw new MediaException("LibreOffice wrote something else than a PDF.");
        }

        cache.KeepCopy(name, made.Path);
        return made;
    }

    private static MediaFormat FindKind(string path)
    {
        MediaFormat format = MediaSniffer.DetectFile(path);
        if (format is MediaFormat.Word or MediaFormat.Presentation)
        {
            return format;
        }

        using FileStream file = MediaFile.Open(path);
        return OfficeSniffer.FindTarget(file, format);
    }
}
