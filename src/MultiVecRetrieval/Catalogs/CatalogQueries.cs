using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Filters;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Catalogs;

/// <summary>What is read from the catalog, each on a connection that the caller chose.</summary>
internal static class CatalogQueries
{
    private const string DocumentColumns =
        "d.id, d.key, d.media_type, d.content_type, d.content_hash, d.source_path, d.title, d.size, d.modified_at, d.indexed_at, d.entry_count, d.expected_entries, d.payload";

    private const string EntryColumns = "e.key, d.key, e.media_type, e.page, e.width, e.height, e.duration";

    public static long GetCounter(SqliteConnection connection, string name) =>
        connection.ReadInt64("SELECT value FROM counters WHERE name = $1", name) ?? 0;

    public static long CountEntries(SqliteConnection connection) => connection.ReadInt64("SELECT count(*) FROM entries") ?? 0;

    public static List<Space> GetSpaces(SqliteConnection connection) => connection.ReadAll(
        row => new Space
        {
            Name = row.GetString(0),
            Id = new SpaceId(row.GetString(1)),
            Dimension = row.GetInt32(2),
            RowFormat = (RowFormat)row.GetInt32(3),
            ModelFolder = row.GetNullableString(4),
            Reduction = row.GetNullableString(5),
            State = (SpaceState)row.GetInt32(6),
            Counterpart = row.GetNullableString(7),
        },
        "SELECT name, space_id, dimension, row_format, model_folder, reduction, state, counterpart FROM spaces ORDER BY name");

    public static List<SegmentRecord> GetSegments(SqliteConnection connection) => connection.ReadAll(
        row => new SegmentRecord
        {
            Id = row.GetInt64(0),
            SpaceName = row.GetString(1),
            RowFormat = (RowFormat)row.GetInt32(2),
            EntryCount = row.GetInt32(3),
            RowCount = row.GetInt64(4),
            SizeInBytes = row.GetInt64(5),
            FirstEntry = row.GetInt64(6),
            LastEntry = row.GetInt64(7),
            DeadEntryCount = row.GetInt32(8),
            DeadRowCount = row.GetInt64(9),
        },
        """
        SELECT id, space, row_format, entry_count, row_count, size, first_entry, last_entry, dead_entry_count, dead_row_count
        FROM segments ORDER BY id
        """);

    public static List<long> GetTombstones(SqliteConnection connection, long segmentId) => connection.ReadAll(
        row => row.GetInt64(0), "SELECT entry FROM tombstones WHERE segment = $1 ORDER BY entry", segmentId);

    public static Document? GetDocument(SqliteConnection connection, string key) =>
        connection.ReadFirst(row => ReadDocument(connection, row), $"SELECT {DocumentColumns} FROM documents d WHERE d.key = $1", key);

    public static Document? FindDocumentByHash(SqliteConnection connection, string hash) => connection.ReadFirst(
        row => ReadDocument(connection, row),
        $"SELECT {DocumentColumns} FROM documents d WHERE d.content_hash = $1 ORDER BY d.key LIMIT 1",
        hash);

    public static Entry? GetEntry(SqliteConnection connection, string key) => connection.ReadFirst(
        row => ReadEntry(row, 0), $"SELECT {EntryColumns} FROM entries e JOIN documents d ON d.id = e.document WHERE e.key = $1", key);

    /// <summary>The first key of a table that is the same text as <paramref name="key"/> when both are composed. Reads every key, so
    /// it is not asked about ASCII, which has one form.</summary>
    public static string? FindKey(SqliteConnection connection, string table, string key) => Ascii.IsValid(key)
        ? null
        : connection.ReadString($"SELECT key FROM {table} WHERE nfc(key) = nfc($1) ORDER BY key LIMIT 1", key);

    public static long? GetEntryId(SqliteConnection connection, string key) =>
        connection.ReadInt64("SELECT id FROM entries WHERE key = $1", key);

    public static string? GetEntryKey(SqliteConnection connection, long id) =>
        connection.ReadString("SELECT key FROM entries WHERE id = $1", id);

    public static (Entry Entry, Document Document)? GetHit(SqliteConnection connection, long id)
    {
        Entry? entry = connection.ReadFirst(
            row => ReadEntry(row, 0), $"SELECT {EntryColumns} FROM entries e JOIN documents d ON d.id = e.document WHERE e.id = $1", id);
        return entry is null ? null : (entry, GetDocument(connection, entry.DocumentKey)!);
    }

    /// <summary>The documents of entries: id of the entry, id of the document.</summary>
    public static Dictionary<long, long> GetDocumentIds(SqliteConnection connection, IEnumerable<long> entryIds) =>
        connection.ReadAll(
            row => KeyValuePair.Create(row.GetInt64(0), row.GetInt64(1)),
            "SELECT id, document FROM entries WHERE id IN (SELECT value FROM json_each($1))", $"[{string.Join(',', entryIds)}]")
        .ToDictionary();

    public static List<Document> ListDocuments(SqliteConnection connection, Filter? filter, string? afterKey, int limit)
    {
        SqlCondition condition = FilterCompiler.Compile(filter, firstParameter: 3);

        // A document meets a filter when one of its entries does. One without entries is judged by its own fields.
        string sql = $"""
            SELECT {DocumentColumns} FROM documents d WHERE ($1 IS NULL OR d.key > $1) AND EXISTS (
                SELECT 1 FROM (SELECT 1) LEFT JOIN entries e ON e.document = d.id WHERE {condition.Sql})
            ORDER BY d.key LIMIT $2
            """;
        return connection.ReadAll(row => ReadDocument(connection, row), sql, [afterKey, limit, .. condition.Parameters]);
    }

    public static List<Entry> ListEntries(SqliteConnection connection, string? documentKey, Filter? filter, string? afterKey, int limit)
    {
        SqlCondition condition = FilterCompiler.Compile(filter, firstParameter: 5);
        string? afterDocument = afterKey is null ? null : connection.ReadString(
            "SELECT d.key FROM entries e JOIN documents d ON d.id = e.document WHERE e.key = $1", afterKey);
        // A key that is no entry, because that was removed meanwhile, stands before the entries of the documents from there on.
        long afterOrdinal = afterDocument is null
            ? -1
            : connection.ReadInt64("SELECT ordinal FROM entries WHERE key = $1", afterKey)!.Value;
        // The order of the two indexes, documents by key and their entries by ordinal, so that a part of a long list needs no sorting;
        // CROSS JOIN keeps the tables in that order.
        string sql = $"""
            SELECT {EntryColumns} FROM documents d CROSS JOIN entries e ON e.document = d.id
            WHERE {(documentKey is null ? "$4 IS NULL" : "d.key = $4")}
                AND {(afterKey is null ? "$1 IS NULL AND $2 = -1" : "d.key >= $1 AND (d.key > $1 OR e.ordinal > $2)")}
                AND {condition.Sql}
            ORDER BY d.key, e.ordinal LIMIT $3
            """;
        return connection.ReadAll(
            row => ReadEntry(row, 0), sql, [afterDocument ?? afterKey, afterOrdinal, limit, documentKey, .. condition.Parameters]);
    }

    public static List<Entry> ListEntriesInOrder(SqliteConnection connection, EntryOrder order, Filter? filter, int skip, int limit)
    {
        SqlCondition condition = FilterCompiler.Compile(filter, firstParameter: 4);
        string by = FieldValues.OrderBy(order, parameter: 3, out string? name);
        return connection.ReadAll(
            row => ReadEntry(row, 0),
            $"""
            SELECT {EntryColumns} FROM entries e JOIN documents d ON d.id = e.document
            WHERE {condition.Sql} ORDER BY {by} LIMIT $2 OFFSET $1
            """,
            [skip, limit, name, .. condition.Parameters]);
    }

    public static long CountEntries(SqliteConnection connection, Filter? filter)
    {
        SqlCondition condition = FilterCompiler.Compile(filter, firstParameter: 1);
        return connection.ReadInt64(
            $"SELECT count(*) FROM entries e JOIN documents d ON d.id = e.document WHERE {condition.Sql}", [.. condition.Parameters]) ?? 0;
    }

    public static TextLayer? GetText(SqliteConnection connection, long entryId, string path) => connection.ReadFirst(
        row => new TextLayer(row.GetString(0), WordCodec.Decode(row.GetFieldValue<byte[]>(1), path)),
        "SELECT text, words FROM texts WHERE entry = $1",
        entryId);

    /// <summary>The entries whose words are known by sight alone: those without words in their text, and videos, whose text is what is
    /// said.</summary>
    public static List<long> FindReadBySight(SqliteConnection connection) => connection.ReadAll(
        row => row.GetInt64(0),
        // FTS5 keeps how many words each column has, one varint after the other; those of the text come first.
        """
        SELECT e.id FROM entries e LEFT JOIN texts_index_docsize s ON s.id = e.id
        WHERE s.sz IS NULL OR substr(s.sz, 1, 1) = x'00' OR e.media_type = $1
        """,
        (int)MediaType.Video);

    public static List<Fingerprint> GetFingerprints(SqliteConnection connection, long entryId) => connection.ReadAll(
        row => new Fingerprint(unchecked((ulong)row.GetInt64(0)), ReadPlace(row.GetFieldValue<byte[]>(1))),
        "SELECT hash, place FROM fingerprints WHERE entry = $1 ORDER BY ordinal",
        entryId);

    public static byte[] WritePlace(Place place)
    {
        byte[] bytes = new byte[PlaceCodec.BoxLength + PlaceCodec.SpanLength];
        PlaceCodec.WriteBox(place, bytes);
        PlaceCodec.WriteSpan(place, bytes.AsSpan(PlaceCodec.BoxLength));
        return bytes;
    }

    public static Place ReadPlace(byte[] bytes) => PlaceCodec.ReadSpan(PlaceCodec.ReadBox(bytes), bytes.AsSpan(PlaceCodec.BoxLength));

    private static Document ReadDocument(SqliteConnection connection, SqliteDataReader row) => new()
    {
        Key = row.GetString(1),
        MediaType = (MediaType)row.GetInt32(2),
        ContentType = row.GetString(3),
        ContentHash = row.GetString(4),
        SourcePath = row.GetNullableString(5),
        Title = row.GetNullableString(6),
        SizeInBytes = row.GetInt64(7),
        ModifiedAt = row.GetTime(8),
        IndexedAt = row.GetTime(9),
        EntryCount = row.GetInt32(10),
        ExpectedEntryCount = row.IsDBNull(11) ? null : row.GetInt32(11),
        Payload = row.GetNullableString(12),
        Metadata = connection.ReadAll(
            field => (Name: field.GetString(0), Value: ReadMetadata(field), IsElement: field.GetInt64(3) > 0),
            "SELECT name, value, is_bool, ordinal FROM metadata WHERE document = $1 ORDER BY name, ordinal",
            row.GetInt64(0)).GroupBy(field => field.Name, StringComparer.Ordinal).ToDictionary(
                field => field.Key,
                field => field.First().IsElement ? MetadataValue.List(field.Select(element => element.Value)) : field.First().Value),
    };

    /// <summary>The value in column 1 of a row, a truth value where column 2 says so.</summary>
    public static MetadataValue ReadMetadata(SqliteDataReader row) => row.GetValue(1) switch
    {
        string text => text,
        object number when row.GetInt64(2) == 1 => Convert.ToDouble(number, CultureInfo.InvariantCulture) != 0,
        object number => Convert.ToDouble(number, CultureInfo.InvariantCulture),
    };

    private static Entry ReadEntry(SqliteDataReader row, int column) => new()
    {
        Key = row.GetString(column),
        DocumentKey = row.GetString(column + 1),
        MediaType = (MediaType)row.GetInt32(column + 2),
        Page = row.IsDBNull(column + 3) ? null : row.GetInt32(column + 3),
        Width = row.GetInt32(column + 4),
        Height = row.GetInt32(column + 5),
        DurationSeconds = row.IsDBNull(column + 6) ? null : row.GetDouble(column + 6),
    };
}
