using Microsoft.Data.Sqlite;

namespace MultiVecRetrieval.Catalogs;

/// <summary>Short forms for running parameterised statements; parameters are $1, $2, … in order.</summary>
internal static class SqliteCommands
{
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using SqliteCommand command = Build(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static long? ReadInt64(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using SqliteCommand command = Build(connection, sql, parameters);
        return command.ExecuteScalar() is long value ? value : null;
    }

    public static string? ReadString(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using SqliteCommand command = Build(connection, sql, parameters);
        return command.ExecuteScalar() as string;
    }

    public static List<T> ReadAll<T>(
        this SqliteConnection connection, Func<SqliteDataReader, T> convert, string sql, params ReadOnlySpan<object?> parameters)
    {
        using SqliteCommand command = Build(connection, sql, parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(convert(reader));
        }

        return rows;
    }

    public static T? ReadFirst<T>(
        this SqliteConnection connection, Func<SqliteDataReader, T> convert, string sql, params ReadOnlySpan<object?> parameters)
        where T : class
    {
        using SqliteCommand command = Build(connection, sql, parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? convert(reader) : null;
    }

    public static SqliteCommand Build(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of this library; what users bring goes into parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", parameters[i] ?? DBNull.Value);
        }

        return command;
    }

    public static string? GetNullableString(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset GetTime(this SqliteDataReader reader, int column) => new(reader.GetInt64(column), TimeSpan.Zero);
}
