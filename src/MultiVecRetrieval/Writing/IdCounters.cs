using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval.Writing;

/// <summary>
/// Hands out ids of documents, entries and files. An id that a committed state used is never used again; ids of batches
/// that were never committed may be.
/// </summary>
internal sealed class IdCounters
{
    private long _nextDocument;
    private long _nextEntry;
    private long _nextFile;

    public IdCounters(SqliteConnection connection)
    {
        _nextDocument = CatalogQueries.GetCounter(connection, "next_document");
        _nextEntry = CatalogQueries.GetCounter(connection, "next_entry");
        _nextFile = CatalogQueries.GetCounter(connection, "next_file");
    }

    public long NextDocument() => Interlocked.Increment(ref _nextDocument) - 1;

    public long NextEntry() => Interlocked.Increment(ref _nextEntry) - 1;

    public long NextFile() => Interlocked.Increment(ref _nextFile) - 1;

    /// <summary>Writes the counters, inside the caller's transaction.</summary>
    public void Save(SqliteConnection connection)
    {
        CatalogChanges.SaveCounter(connection, "next_document", Interlocked.Read(ref _nextDocument));
        CatalogChanges.SaveCounter(connection, "next_entry", Interlocked.Read(ref _nextEntry));
        CatalogChanges.SaveCounter(connection, "next_file", Interlocked.Read(ref _nextFile));
    }
}
