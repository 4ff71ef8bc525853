using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Writing;

/// <summary>The statements of a commit; each runs inside the caller's transaction.</summary>
internal static class CatalogChanges
{
    /// <summary>Removes a document with everything of it but its rows; returns the ids of its entries.</summary>
    public static IReadOnlyList<long> RemoveDocument(SqliteConnection connection, string key)
    {
        if (connection.ReadInt64("SELECT id FROM main.documents WHERE key = $1", key) is not { } id)
        {
            return [];
        }

        List<long> entryIds = connection.ReadAll(row => row.GetInt64(0), "SELECT id FROM main.entries WHERE document = $1", id);
        RemoveEntries(connection, "(SELECT id FROM main.entries WHERE document = $1)", id);
        connection.Execute("DELETE FROM main.metadata WHERE document = $1", id);
        connection.Execute("DELETE FROM main.documents WHERE id = $1", id);
        return entryIds;
    }

    /// <summary>Removes an entry with everything of it but its rows.</summary>
    public static void RemoveEntry(SqliteConnection connection, long entryId) => RemoveEntries(connection, "($1)", entryId);

    private static void RemoveEntries(SqliteConnection connection, string entries, long parameter)
    {
        TextIndex.Remove(connection, entries, parameter);
        connection.Execute($"DELETE FROM main.texts WHERE entry IN {entries}", parameter);
        connection.Execute($"DELETE FROM main.fingerprints WHERE entry IN {entries}", parameter);
        connection.Execute($"DELETE FROM main.attribute_values WHERE entry IN {entries}", parameter);
        connection.Execute($"DELETE FROM main.entries WHERE id IN {entries}", parameter);
    }

    /// <summary>Adds a document, or brings one up to date that the batch goes on with.</summary>
    public static void SaveDocument(SqliteConnection connection, PendingDocument pending, DateTimeOffset now)
    {
        Document document = pending.Document;
        connection.Execute("DELETE FROM main.metadata WHERE document = $1", pending.Id);
        connection.Execute(
            "INSERT OR REPLACE INTO main.documents VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            pending.Id,
            document.Key,
            (int)document.MediaType,
            document.ContentType,
            document.ContentHash,
            document.SourcePath,
            document.Title,
            document.SizeInBytes,
            document.ModifiedAt.UtcTicks,
            now.UtcTicks,
            (pending.StoredEntryCount ?? 0) + pending.EntryCount,
            document.ExpectedEntryCount,
            document.Payload);
        foreach ((string name, MetadataValue value) in document.Metadata)
        {
            // Position 0 is a value by itself; the elements of a list count from 1. A list without elements leaves nothing.
            for (int i = 0; i < value.Elements.Count; i++)
            {
                object element = value.Elements[i].Value;
                connection.Execute("INSERT INTO main.metadata VALUES ($1, $2, $3, $4, $5)", pending.Id, name, value.IsList ? i + 1 : 0,
                    element is bool truth ? (truth ? 1L : 0L) : element, element is bool ? 1 : 0);
            }
        }
    }

    public static void AddSegment(SqliteConnection connection, SegmentRecord segment) => connection.Execute(
        """
        INSERT INTO main.segments (id, space, row_format, entry_count, row_count, size, first_entry, last_entry)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        segment.Id,
        segment.SpaceName,
        (int)segment.RowFormat,
        segment.EntryCount,
        segment.RowCount,
        segment.SizeInBytes,
        segment.FirstEntry,
        segment.LastEntry);

    /// <summary>
    /// Adds tombstones of entries that the segment holds. When none is left alive the segment is removed: returns the names of its files,
    /// else none.
    /// </summary>
    public static IReadOnlyList<string> AddTombstones(SqliteConnection connection, SegmentRecord segment,
        IReadOnlyList<(long EntryId, int RowCount)> dead)
    {
        int added = 0;
        long rows = 0;
        foreach ((long entryId, int rowCount) in dead)
        {
            if (connection.Execute("INSERT OR IGNORE INTO main.tombstones VALUES ($1, $2)", segment.Id, entryId) == 0)
            {
                continue;
            }

            added++;
            rows += rowCount;
        }

        if (added == 0)
        {
            return [];
        }

        connection.Execute(
            "UPDATE main.segments SET dead_entry_count = dead_entry_count + $2, dead_row_count = dead_row_count + $3 WHERE id = $1",
            segment.Id,
            added,
            rows);
        if (connection.ReadInt64("SELECT 1 FROM main.segments WHERE id = $1 AND dead_entry_count >= entry_count", segment.Id) is null)
        {
            return [];
        }

        return RemoveSegment(connection, segment.Id);
    }

    /// <summary>Removes a segment; returns the names of its files.</summary>
    public static IReadOnlyList<string> RemoveSegment(SqliteConnection connection, long segmentId)
    {
        connection.Execute("DELETE FROM main.tombstones WHERE segment = $1", segmentId);
        connection.Execute("DELETE FROM main.segments WHERE id = $1", segmentId);
        return [SegmentLayout.GetFileName(segmentId), .. TierTable.RemoveSegment(connection, segmentId)];
    }

    /// <summary>Gives the documents of files below a folder the paths that they have once the folder lies elsewhere.</summary>
    public static void MoveSources(SqliteConnection connection, string from, string to)
    {
        connection.Execute(
            """
            UPDATE main.documents SET source_path = $2 || substr(source_path, length($1) + 1)
            WHERE substr(source_path, 1, length($1) + 1) = $1 || $3
            """,
            from,
            to,
            Path.DirectorySeparatorChar.ToString());
        AdvanceGeneration(connection);
    }

    public static long AdvanceGeneration(SqliteConnection connection)
    {
        connection.Execute("UPDATE main.counters SET value = value + 1 WHERE name = 'generation'");
        return CatalogQueries.GetCounter(connection, "generation");
    }

    public static void SaveCounter(SqliteConnection connection, string name, long value) =>
        connection.Execute("UPDATE main.counters SET value = max(value, $2) WHERE name = $1", name, value);
}
