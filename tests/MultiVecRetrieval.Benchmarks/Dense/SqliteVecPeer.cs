using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>sqlite-vec, an extension of SQLite: a table of vectors that each query reads whole, so that its recall is 1.</summary>
internal static class SqliteVecPeer
{
    /// <summary>Builds and searches; null, after saying why, when it cannot run here.</summary>
    public static DenseRun? Run(DenseVectors vectors, string folder)
    {
        try
        {
            NodePeers.Install("sqlite-vec");
            return Measure(vectors, Path.Combine(NodePeers.Folder, "node_modules", "sqlite-vec-linux-x64", "vec0"), folder);
        }
        catch (Exception exception) when (exception is InvalidOperationException or SqliteException)
        {
            Console.WriteLine($"sqlite-vec cannot run here: {exception.Message}");
            return null;
        }
    }

    private static DenseRun Measure(DenseVectors vectors, string extension, string folder)
    {
        DenseOptions options = vectors.Options;
        string path = Path.Combine(folder, "sqlite-vec.db");
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        connection.LoadExtension(extension);
        TimeSpan start = Environment.CpuUsage.TotalTime;
        using (SqliteCommand create = connection.CreateCommand())
        {
            create.CommandText = $"CREATE VIRTUAL TABLE rows USING vec0(v float[{options.Dimension}])";
            create.ExecuteNonQuery();
        }

        using (SqliteTransaction transaction = connection.BeginTransaction())
        using (SqliteCommand insert = connection.CreateCommand())
        {
            insert.CommandText = "INSERT INTO rows(rowid, v) VALUES ($row, $v)";
            SqliteParameter row = insert.Parameters.Add("$row", SqliteType.Integer), values = insert.Parameters.Add("$v", SqliteType.Blob);
            for (int i = 0; i < options.Count; i++)
            {
                (row.Value, values.Value) = (i, MemoryMarshal.AsBytes(vectors.GetRow(i)).ToArray());
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        double buildSeconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        using SqliteCommand search = connection.CreateCommand();
        search.CommandText = "SELECT rowid FROM rows WHERE v MATCH $v AND k = $k ORDER BY distance";
        SqliteParameter query = search.Parameters.Add("$v", SqliteType.Blob);
        search.Parameters.AddWithValue("$k", options.Top);
        DenseSetting all = new("all rows", 0, (row, found) =>
        {
            query.Value = MemoryMarshal.AsBytes(row).ToArray();
            using SqliteDataReader reader = search.ExecuteReader();
            int count = 0;
            while (reader.Read())
            {
                found[count++] = new ScoredId(reader.GetInt32(0), 0);
            }

            return count;
        });
        return DenseEngines.Sweep("sqlite-vec", vectors, new FileInfo(path).Length, buildSeconds, [all]);
    }
}
