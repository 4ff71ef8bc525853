using System.Xml;
using DocumentFormat.OpenXml.Packaging;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Reads the text of docx, pptx and xlsx. The package is checked first (<see cref="OfficePackage"/>); what it refers to outside itself is
/// never fetched.
/// </summary>
internal static class OfficeReader
{
    /// <exception cref="MediaException">It is damaged, hostile, or over a limit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TextContent Read(Stream file, MediaFormat format, MediaLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            new OfficePackage(limits).Check(file, cancellationToken);
            file.Position = 0;
            OpenSettings settings = new() { AutoSave = false, MaxCharactersInPart = limits.MaxTextBytes };
            switch (format)
            {
                case MediaFormat.Word:
                    using (WordprocessingDocument word = WordprocessingDocument.Open(file, isEditable: false, settings))
                    {
                        return new WordReader(cancellationToken).Read(word);
                    }

                case MediaFormat.Presentation:
                    using (PresentationDocument slides = PresentationDocument.Open(file, isEditable: false, settings))
                    {
                        return new PresentationReader(cancellationToken).Read(slides);
                    }

                default:
                    using (SpreadsheetDocument workbook = SpreadsheetDocument.Open(file, isEditable: false, settings))
                    {
                        return new WorkbookReader(cancellationToken).Read(workbook);
                    }
            }
        }
        catch (Exception error) when (error is InvalidDataException or XmlException or OpenXmlPackageException or FormatException
            or InvalidOperationException or ArgumentException or NotSupportedException or KeyNotFoundException or FileFormatException)
        {
            throw new MediaException($"The document is damaged: {error.Message}", inner: error);
        }
    }

    /// <summary>The properties that are worth filtering by.</summary>
    public static Dictionary<string, MetadataValue> ReadMetadata(OpenXmlPackage package)
    {
        Dictionary<string, MetadataValue> metadata = [];
        TextMetadata.Add(metadata, "author", package.PackageProperties.Creator);
        TextMetadata.Add(metadata, "subject", package.PackageProperties.Subject);
        TextMetadata.Add(metadata, "keywords", package.PackageProperties.Keywords);
        TextMetadata.Add(metadata, "description", package.PackageProperties.Description);
        return metadata;
    }

    /// <summary>The title that the package names; null for none.</summary>
    public static string? ReadTitle(OpenXmlPackage package) =>
        string.IsNullOrWhiteSpace(package.PackageProperties.Title) ? null : package.PackageProperties.Title.Trim();
}
