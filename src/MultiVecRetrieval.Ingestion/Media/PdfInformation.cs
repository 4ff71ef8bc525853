namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>What a PDF says about itself.</summary>
/// <param name="PageCount">Number of pages, at least 1.</param>
/// <param name="Title">The title in the document properties; null when there is none.</param>
/// <param name="IsEncrypted">True when the file is encrypted but opens without a password.</param>
/// <param name="Properties">All properties that pdfinfo prints, by its names (<c>Author</c>, <c>CreationDate</c>, ...).</param>
public sealed record PdfInformation(int PageCount, string? Title, bool IsEncrypted, IReadOnlyDictionary<string, string> Properties);
