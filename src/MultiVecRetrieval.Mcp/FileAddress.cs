using System.Globalization;

namespace MultiVecRetrieval.Mcp;

/// <summary>Addresses that a model can cite.</summary>
internal static class FileAddress
{
    private const string PdfType = "application/pdf";

    /// <summary>The file of a document, or a name of the entry where it has none.</summary>
    public static string Of(string collection, Document document) => document.SourcePath is { } path
        ? new UriBuilder(Uri.UriSchemeFile, "") { Path = Escape(path) }.Uri.AbsoluteUri
        : $"mvr://{collection}/{Escape(document.Key)}";

    /// <summary>The address of a document, with the page or the moment as browsers understand it.</summary>
    public static string WithPlace(string address, Document document, Entry? entry, IReadOnlyList<double>? moment) => entry switch
    {
        { MediaType: MediaType.Page, Page: { } page } when document.ContentType == PdfType
            => string.Create(CultureInfo.InvariantCulture, $"{address}#page={page}"),
        { MediaType: MediaType.Video } when moment is [double start, double end]
            => string.Create(CultureInfo.InvariantCulture, $"{address}#t={start:0.###},{end:0.###}"),
        _ => address,
    };

    // Every part for itself: '/' stays, '#', '?' and '%' do not.
    private static string Escape(string path) => string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
}
