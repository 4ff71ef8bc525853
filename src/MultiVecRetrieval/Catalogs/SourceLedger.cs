using Microsoft.Data.Sqlite;

namespace MultiVecRetrieval.Catalogs;

/// <summary>The table of files that indexing saw.</summary>
internal static class SourceLedger
{
    private const string Columns =
        "root, path, state, reason, setting, size, modified_at, content_hash, document_key, is_missing, changed_at";

    public static SourceFile? Get(SqliteConnection connection, string root, string path) =>
        connection.ReadFirst(Read, $"SELECT {Columns} FROM sources WHERE root = $1 AND path = $2", root, path);

    public static List<SourceFile> List(SqliteConnection connection, SourceState? state, string? root, int limit) => connection.ReadAll(
        Read,
        $"""
        SELECT {Columns} FROM sources WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR root = $2)
        ORDER BY root, path LIMIT $3
        """,
        state is null ? null : (int)state,
        root,
        limit);

    public static SourceCounts Count(SqliteConnection connection)
    {
        const string Sql = """
            SELECT count(*), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 3),
                count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE is_missing) FROM sources
            """;
        return connection.ReadFirst(
            row => new SourceCounts(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
            Sql)!;
    }

    public static void Save(SqliteConnection connection, SourceFile source) => connection.Execute(
        $"INSERT OR REPLACE INTO sources ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        source.Root,
        source.Path,
        (int)source.State,
        source.Reason,
        source.Setting,
        source.SizeInBytes,
        source.ModifiedAt.UtcTicks,
        source.ContentHash,
        source.DocumentKey,
        source.IsMissing ? 1 : 0,
        source.ChangedAt?.UtcTicks);

    public static void MoveRoot(SqliteConnection connection, string from, string to) => connection.Execute(
        "UPDATE sources SET root = $2 || substr(root, length($1) + 1) WHERE root = $1 OR substr(root, 1, length($1) + 1) = $1 || $3",
        from,
        to,
        Path.DirectorySeparatorChar.ToString());

    public static void Remove(SqliteConnection connection, string root, string path) =>
        connection.Execute("DELETE FROM sources WHERE root = $1 AND path = $2", root, path);

    private static SourceFile Read(SqliteDataReader row) => new()
    {
        Root = row.GetString(0),
        Path = row.GetString(1),
        State = (SourceState)row.GetInt32(2),
        Reason = row.GetNullableString(3),
        Setting = row.GetNullableString(4),
        SizeInBytes = row.GetInt64(5),
        ModifiedAt = row.GetTime(6),
        ContentHash = row.GetNullableString(7),
        DocumentKey = row.GetNullableString(8),
        IsMissing = row.GetInt64(9) != 0,
        ChangedAt = row.IsDBNull(10) ? null : row.GetTime(10),
    };
}
