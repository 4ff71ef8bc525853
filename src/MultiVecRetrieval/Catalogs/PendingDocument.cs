namespace MultiVecRetrieval.Catalogs;

/// <summary>A document of a batch that is not committed yet.</summary>
internal sealed class PendingDocument(long id, Document document, SourceFile? source)
{
    public long Id { get; } = id;

    public Document Document { get; } = document;

    public SourceFile? Source { get; } = source;

    public int EntryCount { get; set; }
}
