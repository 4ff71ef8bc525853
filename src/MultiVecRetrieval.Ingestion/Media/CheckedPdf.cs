namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A file that was found to be a PDF within the limits; a document in many blocks is looked at once.</summary>
/// <param name="FullPath">Its absolute path, so that no program takes a name for an option.</param>
internal sealed record CheckedPdf(string FullPath);
