namespace MultiVecRetrieval.Catalogs;

/// <summary>A document of a batch that is not committed yet.</summary>
internal sealed class PendingDocument(long id, Document document, SourceFile? source)
{
    public long Id { get; } = id;

    public Document Document { get; set; } = document;

    public SourceFile? Source { get; } = source;

    /// <summary>Entries that the collection holds already, to which those of the batch are added; null when the batch brings all.</summary>
    public int? StoredEntryCount { get; init; }

    /// <summary>Entries of the batch, but for those that replace others.</summary>
    public int EntryCount { get; set; }

    /// <summary>Ids of entries of the collection that give way to entries of the batch.</summary>
    public HashSet<long> ReplacedEntries { get; } = [];
}
