using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval.Segments;

/// <summary>Opens each segment file once, keeps the state of the newest generation, and removes files that nobody uses any more.</summary>
internal sealed class SegmentPool(string folder, Storage storage) : IDisposable
{
    /// <summary>Tries of a reader whose files another process replaced between reading the catalog and opening them.</summary>
    private const int MaxTries = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, SharedSegment> _segments = [];
    private SegmentSet? _current;
    private bool _isDisposed;

    /// <summary>Begins a read transaction and takes the segments of its generation; give both back with <see cref="Release"/>.</summary>
    public (SqliteConnection Connection, SegmentSet Set) Acquire(SqliteCatalog catalog)
    {
        for (int attempt = 1; ; attempt++)
        {
            // Under one lock with Drop: a transaction that began before a file was dropped has its reference before the file can go.
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(Collection));
                SqliteConnection connection = catalog.BeginRead();
                try
                {
                    long generation = CatalogQueries.GetCounter(connection, "generation");
                    if (_current?.Generation != generation)
                        Load(connection, generation, catalog.Path);

                    bool mayBeStale = attempt < MaxTries && _current!.Segments.Any(s => s.Shared.ReaderOrNull is null && !File.Exists(s.Shared.Path));
                    if (!mayBeStale)
                    {
                        _current!.ReferenceCount++;
                        return (connection, _current);
                    }

                    Replace(null);
                }
                catch
                {
                    catalog.EndRead(connection);
                    throw;
                }

                catalog.EndRead(connection);
            }
        }
    }

    public void Release(SegmentSet set)
    {
        lock (_gate)
            ReleaseLocked(set);
    }

    /// <summary>Marks files that the catalog no longer lists; each goes now or with the last snapshot that uses it.</summary>
    public void Drop(IEnumerable<long> segmentIds)
    {
        lock (_gate)
        {
            foreach (long id in segmentIds)
            {
                if (_segments.TryGetValue(id, out SharedSegment? shared))
                    shared.IsDropped = true;
                else
                    DeleteFile(Path.Combine(folder, SegmentLayout.GetFileName(id)));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Replace(null);
        }
    }

    private void Load(SqliteConnection connection, long generation, string catalogPath)
    {
        List<Space> spaces = CatalogQueries.GetSpaces(connection);
        List<LiveSegment> segments = [];
        foreach (SegmentRecord record in CatalogQueries.GetSegments(connection))
        {
            Space space = spaces.FirstOrDefault(s => s.Name == record.SpaceName)
                ?? throw new CatalogException(catalogPath, $"segment {record.Id} belongs to space '{record.SpaceName}', which does not exist.");
            segments.Add(new LiveSegment(record, Open(record, space), GetDeadEntries(connection, record)));
        }

        SegmentSet set = new(generation, spaces, segments, CatalogQueries.CountEntries(connection));
        foreach (LiveSegment segment in segments)
            segment.Shared.ReferenceCount++;

        Replace(set);
    }

    // Tombstones of a segment are only ever added, so an equal count means the same set.
    private HashSet<long> GetDeadEntries(SqliteConnection connection, SegmentRecord record)
    {
        HashSet<long>? known = _current?.Segments.FirstOrDefault(s => s.Record.Id == record.Id)?.DeadEntries;
        return known?.Count == record.DeadEntryCount ? known : [.. CatalogQueries.GetTombstones(connection, record.Id)];
    }

    private SharedSegment Open(SegmentRecord record, Space space)
    {
        if (_segments.TryGetValue(record.Id, out SharedSegment? known) && known.ReaderOrNull is not null)
            return known;

        string path = Path.Combine(folder, SegmentLayout.GetFileName(record.Id));
        SharedSegment opened;
        try
        {
            opened = new SharedSegment(path, new SegmentReader(path, record.Id, space), null);
        }
        catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException)
        {
            // Kept, not thrown: one broken file must not stop searches in other spaces. Whoever needs its rows gets the error.
            opened = new SharedSegment(path, null, exception);
        }

        _segments[record.Id] = opened;
        return opened;
    }

    private void Replace(SegmentSet? set)
    {
        if (set is not null)
            set.ReferenceCount++;

        SegmentSet? former = _current;
        _current = set;
        if (former is not null)
            ReleaseLocked(former);
    }

    private void ReleaseLocked(SegmentSet set)
    {
        if (--set.ReferenceCount > 0)
            return;

        foreach (LiveSegment segment in set.Segments)
        {
            if (--segment.Shared.ReferenceCount > 0)
                continue;

            segment.Shared.ReaderOrNull?.Dispose();
            if (_segments.TryGetValue(segment.Record.Id, out SharedSegment? listed) && ReferenceEquals(listed, segment.Shared))
                _segments.Remove(segment.Record.Id);

            if (segment.Shared.IsDropped)
                DeleteFile(segment.Shared.Path);
        }
    }

    private void DeleteFile(string path)
    {
        try
        {
            storage.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An orphan costs space and nothing else; the next writable open removes it.
        }
    }
}
