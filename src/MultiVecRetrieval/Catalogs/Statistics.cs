using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Catalogs;

/// <summary>Counts and sizes of a collection.</summary>
internal static class Statistics
{
    public static CollectionStatistics Read(SqliteConnection connection, SegmentSet set, string catalogPath)
    {
        Dictionary<MediaType, long> byType = connection.ReadAll(
            row => ((MediaType)row.GetInt32(0), row.GetInt64(1)), "SELECT media_type, count(*) FROM entries GROUP BY media_type")
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        Dictionary<string, long> rowsBySpace = set.Spaces.ToDictionary(
            space => space.Name, space => set.OfSpace(space.Name).Sum(segment => segment.Record.RowCount - segment.Record.DeadRowCount));
        FileInfo log = new(catalogPath + "-wal");
        long size = new FileInfo(catalogPath).Length + (log.Exists ? log.Length : 0) + set.Segments.Sum(segment => segment.Record.SizeInBytes);
        return new CollectionStatistics(
            connection.ReadInt64("SELECT count(*) FROM documents") ?? 0, set.EntryCount, set.Segments.Count, size, byType, rowsBySpace);
    }
}
