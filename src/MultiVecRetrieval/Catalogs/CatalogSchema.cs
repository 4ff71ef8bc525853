using Microsoft.Data.Sqlite;

namespace MultiVecRetrieval.Catalogs;

/// <summary>The tables of the catalog, and the steps from each version to the next; docs/format.md describes them.</summary>
internal static class CatalogSchema
{
    /// <summary>"MVRC", kept in SQLite's application_id, tells a catalog from any other database.</summary>
    public const int ApplicationId = 0x4D565243;

    // Step i brings version i to version i + 1. A step that was ever released is never edited.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counters VALUES ('generation', 0), ('next_document', 1), ('next_entry', 1), ('next_segment', 1);

        CREATE TABLE spaces (
            name TEXT PRIMARY KEY, space_id TEXT NOT NULL, dimension INTEGER NOT NULL, row_format INTEGER NOT NULL,
            model_folder TEXT) WITHOUT ROWID;

        CREATE TABLE segments (
            id INTEGER PRIMARY KEY, space TEXT NOT NULL REFERENCES spaces(name), entry_count INTEGER NOT NULL,
            row_count INTEGER NOT NULL, size INTEGER NOT NULL, first_entry INTEGER NOT NULL, last_entry INTEGER NOT NULL,
            dead_entry_count INTEGER NOT NULL DEFAULT 0, dead_row_count INTEGER NOT NULL DEFAULT 0);

        CREATE TABLE tombstones (segment INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (segment, entry)) WITHOUT ROWID;

        CREATE TABLE documents (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, media_type INTEGER NOT NULL, content_type TEXT NOT NULL,
            content_hash TEXT NOT NULL, source_path TEXT, title TEXT, size INTEGER NOT NULL, modified_at INTEGER NOT NULL,
            indexed_at INTEGER NOT NULL, entry_count INTEGER NOT NULL);
        CREATE INDEX documents_by_hash ON documents(content_hash);

        CREATE TABLE metadata (
            document INTEGER NOT NULL, name TEXT NOT NULL, value NOT NULL, is_bool INTEGER NOT NULL,
            PRIMARY KEY (document, name)) WITHOUT ROWID;

        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, document INTEGER NOT NULL, ordinal INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
            media_type INTEGER NOT NULL, page INTEGER, width INTEGER NOT NULL, height INTEGER NOT NULL, duration REAL);
        CREATE INDEX entries_by_document ON entries(document, ordinal);

        CREATE TABLE texts (entry INTEGER PRIMARY KEY, text TEXT NOT NULL, words BLOB NOT NULL);
        CREATE VIRTUAL TABLE texts_index USING fts5(
            text, content='texts', content_rowid='entry', tokenize='unicode61 remove_diacritics 2');

        CREATE TABLE fingerprints (
            entry INTEGER NOT NULL, ordinal INTEGER NOT NULL, hash INTEGER NOT NULL, place BLOB NOT NULL,
            PRIMARY KEY (entry, ordinal)) WITHOUT ROWID;

        CREATE TABLE sources (
            root TEXT NOT NULL, path TEXT NOT NULL, state INTEGER NOT NULL, reason TEXT, setting TEXT, size INTEGER NOT NULL,
            modified_at INTEGER NOT NULL, content_hash TEXT, document_key TEXT, is_missing INTEGER NOT NULL,
            PRIMARY KEY (root, path)) WITHOUT ROWID;
        CREATE INDEX sources_by_state ON sources(state);

        CREATE TABLE jobs (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL, progress TEXT, error TEXT,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
        """,
        """
        UPDATE counters SET name = 'next_file' WHERE name = 'next_segment';

        ALTER TABLE spaces ADD COLUMN reduction TEXT;
        ALTER TABLE spaces ADD COLUMN are_tiers_chosen INTEGER NOT NULL DEFAULT 0;

        ALTER TABLE segments ADD COLUMN row_format INTEGER NOT NULL DEFAULT 1;
        UPDATE segments SET row_format = (SELECT row_format FROM spaces WHERE name = segments.space);

        CREATE TABLE tiers (
            id INTEGER PRIMARY KEY, space TEXT NOT NULL REFERENCES spaces(name), spec TEXT NOT NULL, size INTEGER NOT NULL,
            checksum INTEGER NOT NULL, trained_rows INTEGER NOT NULL, problem TEXT, calibration TEXT);

        CREATE TABLE tier_files (
            id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, tier INTEGER NOT NULL, size INTEGER NOT NULL,
            UNIQUE (segment, tier));

        CREATE TABLE query_samples (
            space TEXT NOT NULL, ordinal INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (space, ordinal));
        """,
        $"""
        DROP TABLE texts_index;
        {TextIndex.Schema}
        INSERT INTO counters VALUES ('text_analysis', 0);
        """,
        """
        ALTER TABLE sources ADD COLUMN changed_at INTEGER;
        """,
        """
        ALTER TABLE documents ADD COLUMN expected_entries INTEGER;
        """,
        """
        ALTER TABLE spaces ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE spaces ADD COLUMN counterpart TEXT;
        """,
        """
        CREATE TABLE metadata_elements (
            document INTEGER NOT NULL, name TEXT NOT NULL, ordinal INTEGER NOT NULL, value NOT NULL, is_bool INTEGER NOT NULL,
            PRIMARY KEY (document, name, ordinal)) WITHOUT ROWID;
        INSERT INTO metadata_elements SELECT document, name, 0, value, is_bool FROM metadata;
        DROP TABLE metadata;
        ALTER TABLE metadata_elements RENAME TO metadata;
        ALTER TABLE documents ADD COLUMN payload TEXT;
        """,
        """
        CREATE TABLE attributes (
            name TEXT PRIMARY KEY, definition TEXT NOT NULL, space_id TEXT, last_entry INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE attribute_values (
            entry INTEGER NOT NULL, attribute TEXT NOT NULL, ordinal INTEGER NOT NULL, value TEXT NOT NULL, similarity REAL NOT NULL,
            PRIMARY KEY (entry, attribute, ordinal)) WITHOUT ROWID;
        CREATE INDEX attribute_values_by_value ON attribute_values(attribute, value);
        """,
    ];

    public static int Version => Steps.Length;

    /// <summary>Brings the database to <see cref="Version"/>; each step is one transaction.</summary>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    /// <exception cref="CatalogException">It is no catalog.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        for (int version = GetVersion(connection, path); version < Steps.Length; version++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            connection.Execute(Steps[version]);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1};");
            connection.Execute("COMMIT");
        }

        TextIndex.Refresh(connection);
    }

    /// <summary>Refuses what this build cannot read without changing it.</summary>
    public static void Check(SqliteConnection connection, string path)
    {
        int version = GetVersion(connection, path);
        if (version < Steps.Length)
        {
            throw new CatalogException(path, $"has version {version}; open it for writing once to bring it to version {Steps.Length}.");
        }
    }

    /// <summary>Refuses what this build cannot bring to its version.</summary>
    public static void CheckReadable(SqliteConnection connection, string path)
    {
        if (GetVersion(connection, path) == 0)
        {
            throw new CatalogException(path, "is no catalog.");
        }
    }

    private static int GetVersion(SqliteConnection connection, string path)
    {
        int version = (int)(connection.ReadInt64("PRAGMA user_version") ?? 0);
        long application = connection.ReadInt64("PRAGMA application_id") ?? 0;
        if (version > 0 && application != ApplicationId)
        {
            throw new CatalogException(path, $"is no catalog: application id {ApplicationId:x8} expected, {application:x8} found.");
        }

        return version <= Steps.Length ? version : throw new UnsupportedFormatException(path, version, Steps.Length);
    }
}
