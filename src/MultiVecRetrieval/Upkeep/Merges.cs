using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Merges segments: the copying runs beside searches and commits, only its end waits for a commit.</summary>
internal sealed class Merges(CollectionStore store)
{
    /// <summary>Merges what <paramref name="choose"/> finds, with its files of codes; false when that is nothing.</summary>
    public bool MergeOnce(Func<SegmentSet, IReadOnlyList<LiveSegment>> choose, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken)
    {
        using Snapshot snapshot = new(store);
        IReadOnlyList<LiveSegment> sources = choose(snapshot.Set);
        if (sources.Count == 0)
        {
            return false;
        }

        return Activities.Run("mvr.merge", store.Folder, activity =>
        {
            Space space = snapshot.Set.GetSpace(sources[0].Record.SpaceName);
            activity?.SetTag("mvr.space", space.Name).SetTag("mvr.segment_count", sources.Count);
            long rowCount = Merge(snapshot, sources, space, progress, cancellationToken);
            activity?.SetTag("mvr.row_count", rowCount);
            store.Logger.LogMerged(store.Folder, space.Name, sources.Count, rowCount);
            return true;
        });
    }

    private long Merge(
        Snapshot snapshot, IReadOnlyList<LiveSegment> sources, Space space, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken)
    {
        long rowCount = sources.Sum(source => source.Record.RowCount - source.Record.DeadRowCount);
        progress?.Report(new MaintenanceProgress(MaintenanceStep.Merge, space.Name, null, 0, rowCount));
        SegmentRecord? merged =
            SegmentMerger.Merge(sources, store.Storage, store.SegmentFolder, store.Counters!.NextFile(), space, cancellationToken);
        List<TierFileRecord> codes = [];
        try
        {
            if (merged is not null)
            {
                BuildCodes(snapshot.Set, merged, space, codes, progress, cancellationToken);
            }
        }
        catch
        {
            FileSwap.Delete(store, GetNames(merged, codes));
            throw;
        }

        FileSwap.Run(store, GetNames(merged, codes), connection => Replace(connection, sources, merged, codes));
        progress?.Report(new MaintenanceProgress(MaintenanceStep.Merge, space.Name, null, rowCount, rowCount));
        return rowCount;
    }

    private static List<string> GetNames(SegmentRecord? merged, List<TierFileRecord> codes) =>
        merged is null ? [] : [SegmentLayout.GetFileName(merged.Id), .. codes.Select(file => TierLayout.GetCodesFileName(file.Id))];

    // Before the swap, so that a search never finds the merged segment without its codes.
    private void BuildCodes(
        SegmentSet set, SegmentRecord merged, Space space, List<TierFileRecord> codes, IProgress<MaintenanceProgress>? progress,
            CancellationToken cancellationToken)
    {
        using SegmentReader reader = new(
            Path.Combine(store.SegmentFolder, SegmentLayout.GetFileName(merged.Id)), merged.Id,
                space with { RowFormat = merged.RowFormat });
        foreach (LiveTier tier in set.TiersOfSpace(space.Name))
        {
            if (tier.Shared is { IsUsable: true } shared)
            {
                codes.Add(shared.Method.Build(store.CreateCodesBuilder(), reader, tier.Record, progress, cancellationToken));
            }
        }
    }

    private static List<string> Replace(
        SqliteConnection connection, IReadOnlyList<LiveSegment> sources, SegmentRecord? merged, List<TierFileRecord> codes)
    {
        List<string> dropped = [];
        List<(long, int)> deadSince = [];
        foreach (LiveSegment source in sources)
        {
            deadSince.AddRange(FindDeadSince(connection, source));
            dropped.AddRange(CatalogChanges.RemoveSegment(connection, source.Record.Id));
        }

        if (merged is null)
        {
            return dropped;
        }

        CatalogChanges.AddSegment(connection, merged);
        foreach (TierFileRecord file in codes)
        {
            // A tier that was given up meanwhile takes its codes with it.
            if (!TierTable.AddFile(connection, file))
            {
                dropped.Add(TierLayout.GetCodesFileName(file.Id));
            }
        }

        // Every entry of the merged segment may have died while it was written: then it goes at once.
        dropped.AddRange(CatalogChanges.AddTombstones(connection, merged, deadSince));
        return dropped;
    }

    // Entries that were deleted after the merge chose its sources. A source that is gone altogether had its last entry deleted.
    private static List<(long EntryId, int RowCount)> FindDeadSince(SqliteConnection connection, LiveSegment source)
    {
        bool isListed = connection.ReadInt64("SELECT 1 FROM main.segments WHERE id = $1", source.Record.Id) is not null;
        HashSet<long> deadNow = isListed ? [.. CatalogQueries.GetTombstones(connection, source.Record.Id)] : [];
        List<(long, int)> deadSince = [];
        foreach (EntryRecord entry in source.Shared.Reader.Entries)
        {
            if (!source.DeadEntries.Contains(entry.EntryId) && (!isListed || deadNow.Contains(entry.EntryId)))
            {
                deadSince.Add((entry.EntryId, entry.RowCount));
            }
        }

        return deadSince;
    }
}
