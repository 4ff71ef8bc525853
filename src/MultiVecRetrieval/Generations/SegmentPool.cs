using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Generations;

/// <summary>Opens each file of a generation once, keeps the state of the newest generation, and removes files that nobody uses any
/// more.</summary>
internal sealed class SegmentPool(string folder, Storage storage) : IDisposable
{
    /// <summary>Tries of a reader whose files another process replaced between reading the catalog and opening them.</summary>
    private const int MaxTries = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedFile> _files = [];
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
                    {
                        Load(connection, generation, catalog.Path);
                    }

                    bool mayBeStale = attempt < MaxTries
                        && _current!.Segments.Any(s => s.Shared.ReaderOrNull is null && !File.Exists(s.Shared.Path));
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
        {
            ReleaseLocked(set);
        }
    }

    /// <summary>Marks files that the catalog no longer lists; each goes now or with the last snapshot that uses it.</summary>
    public void Drop(IEnumerable<string> fileNames)
    {
        lock (_gate)
        {
            foreach (string name in fileNames)
            {
                string path = Path.Combine(folder, name);
                if (_files.TryGetValue(path, out SharedFile? shared))
                {
                    shared.IsDropped = true;
                }
                else
                {
                    DeleteFile(path);
                }
            }
        }
    }

    /// <summary>True while a snapshot, or the newest generation, has the file open.</summary>
    public bool Uses(string path)
    {
        lock (_gate)
        {
            return _files.ContainsKey(path);
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
        List<LiveTier> tiers = [.. TierTable.GetTiers(connection).Select(record => new LiveTier(record, Open(record, spaces)))];
        ILookup<long, TierFileRecord> codes = TierTable.GetFiles(connection).ToLookup(record => record.SegmentId);
        List<LiveSegment> segments = [];
        foreach (SegmentRecord record in CatalogQueries.GetSegments(connection))
        {
            Space space = spaces.FirstOrDefault(s => s.Name == record.SpaceName)
                ?? throw new CatalogException(catalogPath,
                    $"segment {record.Id} belongs to space '{record.SpaceName}', which does not exist.");
            List<SharedCodes> opened = [];
            foreach (TierFileRecord file in codes[record.Id])
            {
                if (tiers.Find(tier => tier.Record.Id == file.TierId) is { } tier)
                {
                    opened.Add(Open(file, tier.Record, space, record.EntryCount));
                }
            }

            segments.Add(
                new LiveSegment(record, Open(record, space with { RowFormat = record.RowFormat }), GetDeadEntries(connection, record),
                opened));
        }

        SegmentSet set = new(generation, spaces, segments, tiers, CatalogQueries.CountEntries(connection));
        foreach (SharedFile file in set.Files)
        {
            file.ReferenceCount++;
        }

        Replace(set);
    }

    // Tombstones of a segment are only ever added, so an equal count means the same set.
    private HashSet<long> GetDeadEntries(SqliteConnection connection, SegmentRecord record)
    {
        HashSet<long>? known = _current?.Segments.FirstOrDefault(s => s.Record.Id == record.Id)?.DeadEntries;
        return known?.Count == record.DeadEntryCount ? known : [.. CatalogQueries.GetTombstones(connection, record.Id)];
    }

    private SharedSegment Open(SegmentRecord record, Space space) => Open(SegmentLayout.GetFileName(record.Id), path =>
    {
        try
        {
            return new SharedSegment(path, new SegmentReader(path, record.Id, space), null);
        }
        catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException)
        {
            // Kept, not thrown: one broken file must not stop searches in other spaces. Whoever needs its rows gets the error.
            return new SharedSegment(path, null, exception);
        }
    });

    private SharedCodes Open(TierFileRecord record, TierRecord tier, Space space, int entryCount) =>
        Open(TierLayout.GetCodesFileName(record.Id), path =>
        {
            try
            {
                return new SharedCodes(path, record, new CodesReader(path, record, tier, space, entryCount), null);
            }
            catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException)
            {
                return new SharedCodes(path, record, null, exception.Message);
            }
        });

    private SharedTier? Open(TierRecord record, List<Space> spaces)
        => record.IsTrained && spaces.Find(space => space.Name == record.SpaceName) is { } space
        ? Open(TierLayout.GetCodecFileName(record.Id), path => new SharedTier(path, record, space))
        : null;

    // A file that could not be opened is tried again: another process may have been about to replace it.
    private TFile Open<TFile>(string name, Func<string, TFile> open)
        where TFile : SharedFile
    {
        string path = Path.Combine(folder, name);
        if (_files.TryGetValue(path, out SharedFile? known) && known.IsOpen)
        {
            return (TFile)known;
        }

        TFile opened = open(path);
        _files[path] = opened;
        return opened;
    }

    private void Replace(SegmentSet? set)
    {
        if (set is not null)
        {
            set.ReferenceCount++;
        }

        SegmentSet? former = _current;
        _current = set;
        if (former is not null)
        {
            ReleaseLocked(former);
        }
    }

    private void ReleaseLocked(SegmentSet set)
    {
        if (--set.ReferenceCount > 0)
        {
            return;
        }

        foreach (SharedFile file in set.Files)
        {
            if (--file.ReferenceCount > 0)
            {
                continue;
            }

            file.Close();
            if (_files.TryGetValue(file.Path, out SharedFile? listed) && ReferenceEquals(listed, file))
            {
                _files.Remove(file.Path);
            }

            if (file.IsDropped)
            {
                DeleteFile(file.Path);
            }
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
