using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tiers;

/// <summary>What the catalog keeps of tiers; changes run inside the caller's transaction.</summary>
internal static class TierTable
{
    public static List<TierRecord> GetTiers(SqliteConnection connection) => connection.ReadAll(
        row => new TierRecord
        {
            Id = row.GetInt64(0),
            SpaceName = row.GetString(1),
            Spec = row.GetString(2),
            SizeInBytes = row.GetInt64(3),
            Checksum = (uint)row.GetInt64(4),
            TrainedRowCount = row.GetInt64(5),
            Problem = row.GetNullableString(6),
            Calibration = row.GetNullableString(7),
        },
        "SELECT id, space, spec, size, checksum, trained_rows, problem, calibration FROM main.tiers ORDER BY id");

    public static List<TierFileRecord> GetFiles(SqliteConnection connection) => connection.ReadAll(
        row => new TierFileRecord(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
        "SELECT id, segment, tier, size FROM main.tier_files ORDER BY id");

    public static void Add(SqliteConnection connection, long id, string space, string spec) =>
        connection.Execute("INSERT INTO main.tiers VALUES ($1, $2, $3, 0, 0, 0, NULL, NULL)", id, space, spec);

    /// <summary>Whether somebody said which tiers a space has.</summary>
    public static bool AreChosen(SqliteConnection connection, string space) =>
        connection.ReadInt64("SELECT are_tiers_chosen FROM spaces WHERE name = $1", space) == 1;

    public static void SetChosen(SqliteConnection connection, string space, bool areChosen) =>
        connection.Execute("UPDATE main.spaces SET are_tiers_chosen = $2 WHERE name = $1", space, areChosen ? 1 : 0);

    /// <summary>Removes a tier; returns the names of the files that go with it.</summary>
    public static List<string> Remove(SqliteConnection connection, TierRecord tier)
    {
        List<string> names = connection.ReadAll(
            row => TierLayout.GetCodesFileName(row.GetInt64(0)), "SELECT id FROM main.tier_files WHERE tier = $1", tier.Id);
        if (tier.IsTrained)
        {
            names.Add(TierLayout.GetCodecFileName(tier.Id));
        }

        connection.Execute("DELETE FROM main.tier_files WHERE tier = $1", tier.Id);
        connection.Execute("DELETE FROM main.tiers WHERE id = $1", tier.Id);
        return names;
    }

    /// <summary>Removes what a segment has in every tier; returns the names of the files.</summary>
    public static List<string> RemoveSegment(SqliteConnection connection, long segmentId)
    {
        List<string> names = connection.ReadAll(
            row => TierLayout.GetCodesFileName(row.GetInt64(0)), "SELECT id FROM main.tier_files WHERE segment = $1", segmentId);
        connection.Execute("DELETE FROM main.tier_files WHERE segment = $1", segmentId);
        return names;
    }

    public static void RemoveFile(SqliteConnection connection, long id)
        => connection.Execute("DELETE FROM main.tier_files WHERE id = $1", id);

    /// <summary>Lists a file of codes; false when its segment or its tier has gone meanwhile.</summary>
    public static bool AddFile(SqliteConnection connection, TierFileRecord file) => connection.Execute(
        """
        INSERT INTO main.tier_files SELECT $1, $2, $3, $4
        WHERE EXISTS (SELECT 1 FROM main.segments WHERE id = $2) AND EXISTS (SELECT 1 FROM main.tiers WHERE id = $3)
        """,
        file.Id,
        file.SegmentId,
        file.TierId,
        file.SizeInBytes) > 0;

    /// <summary>Writes what training found; false when the tier has gone meanwhile.</summary>
    public static bool SaveTraining(SqliteConnection connection, TierRecord tier) => connection.Execute(
        "UPDATE main.tiers SET size = $2, checksum = $3, trained_rows = $4, problem = $5 WHERE id = $1",
        tier.Id,
        tier.SizeInBytes,
        (long)tier.Checksum,
        tier.TrainedRowCount,
        tier.Problem) > 0;

    public static bool SaveCalibration(SqliteConnection connection, long tierId, string? calibration) =>
        connection.Execute("UPDATE main.tiers SET calibration = $2 WHERE id = $1", tierId, calibration) > 0;

    /// <summary>The query rows that a user gave for training and measuring.</summary>
    public static List<MultiVector> GetQueries(SqliteConnection connection, Space space) => connection.ReadAll(
        row => Decode(row.GetFieldValue<byte[]>(0), space.Dimension),
            "SELECT rows FROM main.query_samples WHERE space = $1 ORDER BY ordinal", space.Name);

    public static void SetQueries(SqliteConnection connection, string space, IReadOnlyList<MultiVector> queries)
    {
        connection.Execute("DELETE FROM main.query_samples WHERE space = $1", space);
        for (int i = 0; i < queries.Count; i++)
        {
            connection.Execute("INSERT INTO main.query_samples VALUES ($1, $2, $3)", space, i, Encode(queries[i]));
        }
    }

    private static byte[] Encode(MultiVector rows) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows.Values).ToArray();

    private static MultiVector Decode(byte[] bytes, int dimension)
    {
        float[] values = new float[bytes.Length / sizeof(float) / dimension * dimension];
        Buffer.BlockCopy(bytes, 0, values, 0, values.Length * sizeof(float));
        return new MultiVector(dimension, values);
    }
}
