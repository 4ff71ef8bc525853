using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Upkeep;

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
        long size = new FileInfo(catalogPath).Length + (log.Exists ? log.Length : 0)
            + set.Segments.Sum(segment => segment.Record.SizeInBytes)
            + set.Segments.SelectMany(segment => segment.Codes)
                .Sum(codes => codes.Record.SizeInBytes) + set.Tiers.Sum(tier => tier.Record.SizeInBytes);
        return new CollectionStatistics(
            connection.ReadInt64("SELECT count(*) FROM documents") ?? 0, set.EntryCount, set.Segments.Count, size, byType, rowsBySpace)
        {
            Spaces = [.. set.Spaces.Select(
                space => ReadSpace(set, space) with { AreTiersChosen = TierTable.AreChosen(connection, space.Name) })],
        };
    }

    public static IReadOnlyList<TierStatistics> ReadTiers(SegmentSet set, string space) =>
        [.. set.TiersOfSpace(space).Select(tier => ReadTier(set, tier))];

    private static SpaceStatistics ReadSpace(SegmentSet set, Space space)
    {
        List<LiveSegment> segments = [.. set.OfSpace(space.Name)];
        return new SpaceStatistics(
            space.Name,
            space.RowFormat,
            segments.Sum(segment => (long)segment.Record.EntryCount - segment.Record.DeadEntryCount),
            segments.Sum(segment => segment.Record.RowCount - segment.Record.DeadRowCount),
            segments.Count,
            segments.Sum(segment => segment.Record.SizeInBytes),
            segments.Count(segment => segment.Record.RowFormat != space.RowFormat),
            ReadTiers(set, space.Name));
    }

    private static TierStatistics ReadTier(SegmentSet set, LiveTier tier)
    {
        List<LiveSegment> segments = [.. set.OfSpace(tier.Record.SpaceName)];
        List<LiveSegment> encoded =
            [.. segments.Where(segment => segment.FindCodes(tier.Record.Id)?.Problem is null
            && segment.FindCodes(tier.Record.Id) is not null)];
        long bytes = encoded.Sum(segment => segment.FindCodes(tier.Record.Id)!.Record.SizeInBytes);
        long entries = encoded.Sum(segment => (long)segment.Record.EntryCount);
        return new TierStatistics
        {
            Spec = tier.Record.Spec,
            IsTrained = tier.Record.IsTrained,
            SizeInBytes = bytes,
            ParametersSizeInBytes = tier.Record.SizeInBytes,
            BytesPerEntry = entries == 0 ? 0 : (double)bytes / entries,
            EncodedEntryCount = entries,
            MissingFileCount = segments.Count - encoded.Count,
            HasUpperBounds = tier.IsUsable && tier.Method.HasUpperBounds,
            Calibration = tier.Calibration,
            Problem = tier.Record.Problem ?? tier.Shared?.Problem
                ?? segments.Select(segment => segment.FindCodes(tier.Record.Id)?.Problem).FirstOrDefault(problem => problem is not null),
        };
    }
}
