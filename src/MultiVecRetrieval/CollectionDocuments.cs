using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval;

/// <summary>The documents of a collection, or of one snapshot of it. Thread-safe.</summary>
public sealed class CollectionDocuments
{
    private readonly IGeneration _generation;

    internal CollectionDocuments(IGeneration generation) => _generation = generation;

    /// <summary>The document of a key; null when there is none.</summary>
    public Document? Get(string key) => _generation.Read(connection => CatalogQueries.GetDocument(connection, key));

    /// <summary>The document of a key as people type it: of exactly that key, else the first whose key is the same text composed or
    /// decomposed (Unicode NFC, NFD); null when there is none.</summary>
    public Document? Find(string key) => _generation.Read(connection =>
        CatalogQueries.GetDocument(connection, key)
        ?? (CatalogQueries.FindKey(connection, "documents", key) is { } same ? CatalogQueries.GetDocument(connection, same) : null));

    /// <summary>A document made of the same bytes, the first by key; null when there is none.</summary>
    public Document? FindByHash(string contentHash) =>
        _generation.Read(connection => CatalogQueries.FindDocumentByHash(connection, contentHash));

    /// <summary>Documents with an entry that meets the filter, by key (in the order of its UTF-8 bytes), after
    /// <paramref name="afterKey"/>.</summary>
    public IReadOnlyList<Document> List(Filter? filter = null, string? afterKey = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _generation.Read(connection => CatalogQueries.ListDocuments(connection, filter, afterKey, limit));
    }
}
