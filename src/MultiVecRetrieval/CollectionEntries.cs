using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Filters;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>The entries of a collection, or of one snapshot of it. Thread-safe.</summary>
public sealed class CollectionEntries
{
    private readonly IGeneration _generation;

    internal CollectionEntries(IGeneration generation) => _generation = generation;

    /// <summary>The entry of a key; null when there is none.</summary>
    public Entry? Get(string key) => _generation.Read(connection => CatalogQueries.GetEntry(connection, key));

    /// <summary>The entry of a key as people type it: of exactly that key, else the first whose key is the same text composed or
    /// decomposed (Unicode NFC, NFD); null when there is none.</summary>
    public Entry? Find(string key) => _generation.Read(connection =>
        CatalogQueries.GetEntry(connection, key)
        ?? (CatalogQueries.FindKey(connection, "entries", key) is { } same ? CatalogQueries.GetEntry(connection, same) : null));

    /// <summary>The rows of an entry with their places, as far as the row format kept them; null when it has none in that space.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public MultiVector? GetVectors(string entryKey, string space) => _generation.Read((connection, set) =>
    {
        set.GetSpace(space);
        return CatalogQueries.GetEntryId(connection, entryKey) is { } id && set.Find(space, id) is var (segment, index)
            ? segment.Shared.Reader.Read(index)
            : null;
    });

    /// <summary>The text of an entry; null when it has none.</summary>
    public TextLayer? GetText(string entryKey) => _generation.Read(connection =>
        CatalogQueries.GetEntryId(connection, entryKey) is { } id ? CatalogQueries.GetText(connection, id, _generation.CatalogPath) : null);

    /// <summary>The fingerprints of an entry; empty when it has none.</summary>
    public IReadOnlyList<Fingerprint> GetFingerprints(string entryKey) => _generation.Read<IReadOnlyList<Fingerprint>>(connection =>
        CatalogQueries.GetEntryId(connection, entryKey) is { } id ? CatalogQueries.GetFingerprints(connection, id) : []);

    /// <summary>The values that an entry has of attributes, most similar first within one; empty when it has none.</summary>
    public IReadOnlyList<KeyValuePair<string, AttributeValue>> GetAttributes(string entryKey) =>
        _generation.Read<IReadOnlyList<KeyValuePair<string, AttributeValue>>>(connection =>
            CatalogQueries.GetEntryId(connection, entryKey) is { } id ? AttributeTable.GetValues(connection, id) : []);

    /// <summary>Entries that meet the filter, after <paramref name="afterKey"/>: documents by key (in the order of its UTF-8 bytes), the
    /// entries of each in the order in which they were added, pages by number.</summary>
    public IReadOnlyList<Entry> List(string? documentKey = null, Filter? filter = null, string? afterKey = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _generation.Read(connection => CatalogQueries.ListEntries(connection, documentKey, filter, afterKey, limit));
    }

    /// <summary>Entries that meet the filter in an order; equal ones as <see cref="List"/> has them.</summary>
    public IReadOnlyList<Entry> ListInOrder(EntryOrder order, Filter? filter = null, int skip = 0, int limit = 100)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _generation.Read(connection => CatalogQueries.ListEntriesInOrder(connection, order, filter, skip, limit));
    }

    /// <summary>The number of entries that meet the filter.</summary>
    public long Count(Filter? filter = null) => _generation.Read(connection => CatalogQueries.CountEntries(connection, filter));

    /// <summary>The values of a field and how many of the entries that meet the filter have each.</summary>
    /// <exception cref="SearchOptionException">There is no such field.</exception>
    public Facet CountValues(string field, Filter? filter = null, int limit = 20)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _generation.Read(connection =>
            FieldValues.Count(connection, field, FilterCompiler.Compile(filter, firstParameter: 3), limit));
    }
}
