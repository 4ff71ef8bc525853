using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Writing;

/// <summary>Makes a batch durable and visible in one catalog transaction.</summary>
internal sealed class Committer(CollectionStore store)
{
    private readonly List<string> _droppedFiles = [];

    /// <summary>True once COMMIT was tried: only the next open can tell whether a failed one took effect.</summary>
    public bool ReachedCommit { get; private set; }

    /// <summary>Commits; the files of the batch are on the device already. Returns the new generation.</summary>
    public long Commit(Batch batch)
    {
        lock (store.CommitGate)
        {
            store.Storage.SyncFolder(store.SegmentFolder);
            long generation = 0;
            SegmentSet current = store.AcquireSegments();
            try
            {
                store.Catalog.Write(connection => generation = Apply(connection, batch, current), BeforeCommit);
            }
            finally
            {
                store.Pool.Release(current);
            }

            store.Pool.Drop(_droppedFiles);
            store.Publish();
            return generation;
        }
    }

    private void BeforeCommit()
    {
        store.Storage.BeforeCommit();
        ReachedCommit = true;
    }

    private long Apply(SqliteConnection connection, Batch batch, SegmentSet current)
    {
        List<long> removed = [];
        foreach (string key in batch.DeletedKeys.Concat(
            batch.Documents.Where(pending => pending.StoredEntryCount is null).Select(pending => pending.Document.Key)))
        {
            removed.AddRange(CatalogChanges.RemoveDocument(connection, key));
        }

        foreach (long id in batch.Documents.SelectMany(pending => pending.ReplacedEntries))
        {
            CatalogChanges.RemoveEntry(connection, id);
            removed.Add(id);
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (PendingDocument pending in batch.Documents)
        {
            CatalogChanges.SaveDocument(connection, pending, now);
        }

        PendingTables.CopyInto(connection, batch.Documents);
        BuryRemoved(connection, current, removed);
        AddSegments(connection, batch, current.Spaces);
        foreach (SourceFile source in batch.Sources)
        {
            SourceLedger.Save(connection, source);
        }

        store.Counters!.Save(connection);
        return CatalogChanges.AdvanceGeneration(connection);
    }

    private void BuryRemoved(SqliteConnection connection, SegmentSet current, List<long> removed)
    {
        if (removed.Count == 0)
        {
            return;
        }

        foreach (LiveSegment segment in current.Segments)
        {
            _droppedFiles.AddRange(CatalogChanges.AddTombstones(connection, segment.Record, FindDead(segment, removed)));
        }
    }

    private static List<(long EntryId, int RowCount)> FindDead(LiveSegment segment, IEnumerable<long> removed)
    {
        List<(long, int)> dead = [];
        foreach (long id in removed.Where(id => id >= segment.Record.FirstEntry && id <= segment.Record.LastEntry))
        {
            // A file that cannot be read may hold the entry; a tombstone too many does no harm.
            if (segment.Shared.ReaderOrNull is not { } reader)
            {
                dead.Add((id, 0));
            }
            else if (reader.IndexOf(id) is >= 0 and int index)
            {
                dead.Add((id, reader.Entries[index].RowCount));
            }
        }

        return dead;
    }

    private void AddSegments(SqliteConnection connection, Batch batch, IReadOnlyList<Space> spaces)
    {
        foreach (SegmentRecord segment in batch.Segments)
        {
            CatalogChanges.AddSegment(connection, segment);
            if (!batch.RemovedEntries.Any(id => id >= segment.FirstEntry && id <= segment.LastEntry))
            {
                continue;
            }

            Space space = spaces.First(s => s.Name == segment.SpaceName) with { RowFormat = segment.RowFormat };
            using SegmentReader reader = new(Path.Combine(store.SegmentFolder, SegmentLayout.GetFileName(segment.Id)), segment.Id, space);
            List<(long, int)> dead = [];
            foreach (EntryRecord entry in reader.Entries)
            {
                if (batch.RemovedEntries.Contains(entry.EntryId))
                {
                    dead.Add((entry.EntryId, entry.RowCount));
                }
            }

            _droppedFiles.AddRange(CatalogChanges.AddTombstones(connection, segment, dead));
        }
    }
}
