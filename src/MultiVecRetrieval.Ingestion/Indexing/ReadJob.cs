namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>A piece of a document to decode: an image, a few pages, a video.</summary>
internal abstract class ReadJob(DocumentWork document)
{
    public DocumentWork Document { get; } = document;

    /// <summary>Decodes, and emits each picture.</summary>
    public abstract void Read(ReadContext context);
}
