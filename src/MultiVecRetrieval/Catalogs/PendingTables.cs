using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Catalogs;

/// <summary>
/// Entries of a batch that is not committed yet, in a database file of their own beside the catalog, so that a document of
/// thousands of pages does not sit in memory. It needs no durability: the next writable open removes it.
/// </summary>
internal sealed class PendingTables
{
    public const string FileName = "pending.db";

    private readonly SqliteCatalog _catalog;

    public PendingTables(SqliteCatalog catalog, string folder)
    {
        _catalog = catalog;

        // ATTACH opens with the mode of the main database, which does not create; an empty file is an empty database.
        string path = Path.Combine(folder, FileName);
        File.WriteAllBytes(path, []);
        Run(connection =>
        {
            connection.Execute("ATTACH $1 AS pending", path);
            connection.Execute("""
                PRAGMA pending.journal_mode = MEMORY;
                PRAGMA pending.synchronous = OFF;
                CREATE TABLE pending.entries (
                    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, ordinal INTEGER NOT NULL, key TEXT NOT NULL,
                    media_type INTEGER NOT NULL, page INTEGER, width INTEGER NOT NULL, height INTEGER NOT NULL, duration REAL);
                CREATE INDEX pending.entries_by_key ON entries(key);
                CREATE INDEX pending.entries_by_document ON entries(document);
                CREATE TABLE pending.texts (entry INTEGER PRIMARY KEY, text TEXT NOT NULL, words BLOB NOT NULL);
                CREATE TABLE pending.terms (entry INTEGER PRIMARY KEY, words TEXT NOT NULL, stems TEXT NOT NULL);
                CREATE TABLE pending.about (document INTEGER PRIMARY KEY, about TEXT NOT NULL);
                CREATE TABLE pending.fingerprints (entry INTEGER NOT NULL, ordinal INTEGER NOT NULL, hash INTEGER NOT NULL, place BLOB NOT NULL);
                CREATE INDEX pending.fingerprints_by_entry ON fingerprints(entry);
                """);
        });
    }

    /// <summary>Removes what a killed process left.</summary>
    public static void DeleteFiles(string folder)
    {
        foreach (string suffix in new[] { "", "-journal", "-wal", "-shm" })
        {
            File.Delete(Path.Combine(folder, FileName + suffix));
        }
    }

    /// <summary>The pending document, other than superseded ones, that already has an entry of this key; null when there is none.</summary>
    public long? FindOwner(string entryKey)
    {
        long? owner = null;
        Run(connection =>
            owner = connection.ReadInt64("SELECT document FROM pending.entries WHERE key = $1 ORDER BY document DESC LIMIT 1", entryKey));
        return owner;
    }

    /// <summary>The key of the committed document that has an entry of this key.</summary>
    public string? FindCommittedOwner(string entryKey)
    {
        string? owner = null;
        Run(connection => owner = connection.ReadString(
            "SELECT d.key FROM main.entries e JOIN main.documents d ON d.id = e.document WHERE e.key = $1", entryKey));
        return owner;
    }

    /// <summary>Id and position of a committed entry of a document; null when there is none of the key.</summary>
    public (long Id, int Ordinal)? FindCommitted(string entryKey, long documentId)
    {
        (long, int)? found = null;
        Run(connection => found = connection.ReadAll(
            row => ((long, int)?)(row.GetInt64(0), row.GetInt32(1)),
            "SELECT id, ordinal FROM main.entries WHERE key = $1 AND document = $2", entryKey, documentId).FirstOrDefault());
        return found;
    }

    /// <summary>Id and number of entries of a committed document; null when there is none of the key.</summary>
    public (long Id, int EntryCount)? FindDocument(string key)
    {
        (long, int)? found = null;
        Run(connection => found = connection.ReadAll(
            row => ((long, int)?)(row.GetInt64(0), row.GetInt32(1)), "SELECT id, entry_count FROM main.documents WHERE key = $1", key)
            .FirstOrDefault());
        return found;
    }

    public bool DocumentExists(string key)
    {
        bool exists = false;
        Run(connection => exists = connection.ReadInt64("SELECT 1 FROM main.documents WHERE key = $1", key) is not null);
        return exists;
    }

    public void Add(long entryId, long documentId, int ordinal, EntryContent content)
    {
        // Outside the lock: it takes longer than everything else here.
        AnalyzedText? terms = content.Text is null ? null : TextAnalyzer.Analyze(Clean(content.Text.Text));
        Run(connection => Insert(connection, entryId, documentId, ordinal, content, terms));
    }

    private static void Insert(
        SqliteConnection connection, long entryId, long documentId, int ordinal, EntryContent content, AnalyzedText? terms)
    {
        Entry entry = content.Entry;
        connection.Execute(
            "INSERT INTO pending.entries VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            entryId,
            documentId,
            ordinal,
            entry.Key,
            (int)entry.MediaType,
            entry.Page,
            entry.Width,
            entry.Height,
            entry.DurationSeconds);
        if (content.Text is { } text)
        {
            connection.Execute(
                "INSERT INTO pending.texts VALUES ($1, $2, $3)", entryId, Clean(text.Text), WordCodec.Encode(text.Words));
            connection.Execute("INSERT INTO pending.terms VALUES ($1, $2, $3)", entryId, terms!.JoinSurfaces(), terms.JoinStems());
        }

        for (int i = 0; i < content.Fingerprints.Count; i++)
        {
            Fingerprint fingerprint = content.Fingerprints[i];
            connection.Execute(
                "INSERT INTO pending.fingerprints VALUES ($1, $2, $3, $4)",
                entryId,
                i,
                unchecked((long)fingerprint.Hash),
                CatalogQueries.WritePlace(fingerprint.Place));
        }
    }

    /// <summary>Takes back a document; returns the ids of its entries.</summary>
    public IReadOnlyList<long> Remove(long documentId)
    {
        List<long> entryIds = [];
        Run(connection =>
        {
            entryIds = connection.ReadAll(row => row.GetInt64(0), "SELECT id FROM pending.entries WHERE document = $1", documentId);
            connection.Execute("DELETE FROM pending.texts WHERE entry IN (SELECT id FROM pending.entries WHERE document = $1)", documentId);
            connection.Execute("DELETE FROM pending.terms WHERE entry IN (SELECT id FROM pending.entries WHERE document = $1)", documentId);
            connection.Execute("DELETE FROM pending.fingerprints WHERE entry IN (SELECT id FROM pending.entries WHERE document = $1)",
                documentId);
            connection.Execute("DELETE FROM pending.entries WHERE document = $1", documentId);
        });
        return entryIds;
    }

    public void Clear() => Run(connection => connection.Execute(
        "DELETE FROM pending.entries; DELETE FROM pending.texts; DELETE FROM pending.terms; DELETE FROM pending.about;"
        + "DELETE FROM pending.fingerprints;"));

    /// <summary>Copies all pending entries into the catalog, inside the caller's transaction.</summary>
    /// <param name="connection">The connection of the transaction.</param>
    /// <param name="documents">The documents that they belong to.</param>
    public static void CopyInto(SqliteConnection connection, IEnumerable<PendingDocument> documents)
    {
        foreach (PendingDocument pending in documents)
        {
            connection.Execute(
                "INSERT OR REPLACE INTO pending.about VALUES ($1, $2)", pending.Id, TextIndex.DescribeDocument(pending.Document));
        }

        connection.Execute("""
            INSERT INTO main.entries SELECT * FROM pending.entries ORDER BY id;
            INSERT INTO main.texts SELECT * FROM pending.texts ORDER BY entry;
            INSERT INTO main.terms
                SELECT e.id, coalesce(t.words, ''), coalesce(t.stems, ''), a.about
                FROM pending.entries e JOIN pending.about a ON a.document = e.document LEFT JOIN pending.terms t ON t.entry = e.id
                ORDER BY e.id;
            INSERT INTO main.texts_index (rowid, words, stems, about)
                SELECT entry, words, stems, about FROM main.terms WHERE entry IN (SELECT id FROM pending.entries) ORDER BY entry;
            INSERT INTO main.fingerprints SELECT * FROM pending.fingerprints ORDER BY entry, ordinal;
            """);
    }

    private void Run(Action<SqliteConnection> action)
    {
        lock (_catalog.Gate)
        {
            _catalog.Guard(() =>
            {
                action(_catalog.Writer);
                return 0;
            });
        }
    }

    // Same length, so that the offsets of the words stay true. The marks of a match use two of these characters.
    private static string Clean(string text) => string.Create(text.Length, text, (buffer, source) =>
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = source[i] <= '\u0008' ? ' ' : source[i];
        }
    });
}
