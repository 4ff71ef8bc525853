using Microsoft.Data.Sqlite;

namespace MultiVecRetrieval.Catalogs;

/// <summary>The table of jobs.</summary>
internal static class JobTable
{
    private const string Columns = "id, kind, state, request, progress, error, created_at, updated_at";

    public static void Save(SqliteConnection connection, JobRecord job) => connection.Execute(
        $"INSERT OR REPLACE INTO jobs ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        job.Id,
        job.Kind,
        job.State,
        job.RequestJson,
        job.ProgressJson,
        job.Error,
        job.CreatedAt.UtcTicks,
        job.UpdatedAt.UtcTicks);

    public static JobRecord? Get(SqliteConnection connection, string id) =>
        connection.ReadFirst(Read, $"SELECT {Columns} FROM jobs WHERE id = $1", id);

    /// <summary>Newest first.</summary>
    public static List<JobRecord> List(SqliteConnection connection, int limit) =>
        connection.ReadAll(Read, $"SELECT {Columns} FROM jobs ORDER BY created_at DESC, id LIMIT $1", limit);

    /// <summary>Jobs that a former process left unfinished will never go on by themselves.</summary>
    public static void Interrupt(SqliteConnection connection) => connection.Execute(
        "UPDATE jobs SET state = 'interrupted', updated_at = $1, error = $2 WHERE state IN ('queued', 'running')",
        DateTimeOffset.UtcNow.UtcTicks,
        "The process ended before the job did. What it had finished is kept; start it again to go on.");

    private static JobRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Kind = row.GetString(1),
        State = row.GetString(2),
        RequestJson = row.GetString(3),
        ProgressJson = row.GetNullableString(4),
        Error = row.GetNullableString(5),
        CreatedAt = row.GetTime(6),
        UpdatedAt = row.GetTime(7),
    };
}
