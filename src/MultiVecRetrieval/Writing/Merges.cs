using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Writing;

/// <summary>Merges segments, one merge at a time: the copying runs beside searches and commits, only its end waits for a commit.</summary>
internal sealed class Merges(CollectionStore store) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _background = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Why the last background merge failed; null when it did not.</summary>
    public Exception? BackgroundFailure { get; private set; }

    /// <summary>Starts merging in the background where it is due.</summary>
    public void Schedule()
    {
        lock (_gate)
        {
            if (!_isDisposed && store.Options.MergeSegmentCount > 0 && _background.IsCompleted)
                _background = Task.Run(RunBackground);
        }
    }

    /// <summary>Brings every space to one segment without dead rows.</summary>
    public void MergeAll(CancellationToken cancellationToken)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        foreach (Space space in store.Catalog.Read(CatalogQueries.GetSpaces))
            MergeOnce(set => MergePolicy.ChooseAll(set, space.Name), linked.Token);
    }

    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;

        _stop.Cancel();
        _background.Wait();
        _stop.Dispose();
        _oneAtATime.Dispose();
    }

    private void RunBackground()
    {
        try
        {
            while (MergeOnce(set => MergePolicy.Choose(set, store.Options.MergeSegmentCount), _stop.Token))
                BackgroundFailure = null;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CatalogException or CorruptSegmentException)
        {
            // Nothing is lost: the segments stay as they were. Collection.Verify reports it, the next commit tries again.
            BackgroundFailure = exception;
        }
    }

    private bool MergeOnce(Func<SegmentSet, IReadOnlyList<LiveSegment>> choose, CancellationToken cancellationToken)
    {
        _oneAtATime.Wait(cancellationToken);
        try
        {
            using Snapshot snapshot = new(store);
            IReadOnlyList<LiveSegment> sources = choose(snapshot.Set);
            if (sources.Count == 0)
                return false;

            SegmentRecord? merged = SegmentMerger.Merge(
                sources, store.Storage, store.SegmentFolder, store.Counters!.NextSegment(), cancellationToken);
            Finish(sources, merged);
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private void Finish(IReadOnlyList<LiveSegment> sources, SegmentRecord? merged)
    {
        bool reachedCommit = false;
        void BeforeCommit()
        {
            store.Storage.BeforeCommit();
            reachedCommit = true;
        }

        lock (store.CommitGate)
        {
            bool isEmpty = false;
            try
            {
                store.Storage.SyncFolder(store.SegmentFolder);
                store.Catalog.Write(connection => isEmpty = Replace(connection, sources, merged), BeforeCommit);
            }
            catch
            {
                if (merged is not null && !reachedCommit)
                    File.Delete(Path.Combine(store.SegmentFolder, SegmentLayout.GetFileName(merged.Id)));

                throw;
            }

            IEnumerable<long> dropped = sources.Select(source => source.Record.Id);
            store.Pool.Drop(isEmpty && merged is not null ? dropped.Append(merged.Id) : dropped);
            store.Publish();
        }
    }

    /// <returns>True when every entry of the merged segment died while it was written.</returns>
    private bool Replace(SqliteConnection connection, IReadOnlyList<LiveSegment> sources, SegmentRecord? merged)
    {
        List<(long, int)> deadSince = [];
        foreach (LiveSegment source in sources)
        {
            deadSince.AddRange(FindDeadSince(connection, source));
            CatalogChanges.RemoveSegment(connection, source.Record.Id);
        }

        bool isEmpty = false;
        if (merged is not null)
        {
            CatalogChanges.AddSegment(connection, merged);
            isEmpty = CatalogChanges.AddTombstones(connection, merged, deadSince);
        }

        store.Counters!.Save(connection);
        CatalogChanges.AdvanceGeneration(connection);
        return isEmpty;
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
                deadSince.Add((entry.EntryId, entry.RowCount));
        }

        return deadSince;
    }
}
