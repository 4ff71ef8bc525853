using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Writing;

/// <summary>What an open collection consists of: catalog, segment files, and for a writer the lock, counters and pending tables.</summary>
internal sealed class CollectionStore : IDisposable
{
    public const string SegmentFolderName = "segments";

    // Writers that yield hold the lock for moments, to save a job for instance, and these are worth waiting for.
    private static readonly TimeSpan MomentOfAnother = TimeSpan.FromSeconds(1);

    private readonly Lock _holdGate = new();
    private LockFile? _lockFile;
    private int _holdCount;
    private bool _isDisposed;

    private CollectionStore(string folder, CollectionOptions options, Storage storage, LockFile? lockFile)
    {
        Folder = folder;
        Options = options;
        Storage = storage;
        Logger = options.LoggerFactory?.CreateLogger<Collection>() ?? NullLogger<Collection>.Instance;
        SegmentFolder = Path.Combine(folder, SegmentFolderName);
        _lockFile = lockFile;
        IsWritable = lockFile is not null;
        Catalog = new SqliteCatalog(folder, IsWritable ? Hold : null);
        Pool = new SegmentPool(SegmentFolder, storage);
    }

    public string Folder { get; }

    public string SegmentFolder { get; }

    public CollectionOptions Options { get; }

    public Storage Storage { get; }

    public ILogger Logger { get; }

    public SqliteCatalog Catalog { get; }

    public SegmentPool Pool { get; }

    /// <summary>True when it was opened for writing, whether or not it holds the lock right now.</summary>
    public bool IsWritable { get; }

    /// <summary>Threads that one search uses.</summary>
    public int SearchThreads => Options.SearchThreads == 0 ? Environment.ProcessorCount : Options.SearchThreads;

    /// <summary>How fast searches are here.</summary>
    public ScanSpeed ScanSpeed { get; } = new();

    /// <summary>Threads that background work uses.</summary>
    public int BuildThreads => SearchThreads;

    /// <summary>Held by a commit or by the end of a merge: both rest on the list of segments not changing under them.</summary>
    public Lock CommitGate { get; } = new();

    /// <summary>Ids to hand out; null while the lock is not held.</summary>
    public IdCounters? Counters { get; private set; }

    /// <summary>Tables of the batch under way; null while the lock is not held.</summary>
    public PendingTables? Pending { get; private set; }

    public static CollectionStore OpenReadOnly(string folder, CollectionOptions options, Storage storage) =>
        new(folder, options, storage, lockFile: null);

    /// <exception cref="CollectionLockedException">Another writer is at work.</exception>
    public static CollectionStore OpenWritable(string folder, CollectionOptions options, Storage storage, bool create)
    {
        LockFile lockFile = LockFile.Take(folder);
        CollectionStore? opened = null;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, SegmentFolderName));
            if (create)
            {
                SqliteCatalog.Create(folder, storage.SyncFolder);
            }

            opened = new CollectionStore(folder, options, storage, lockFile);
            using (opened.Hold())
            {
                opened.BeginWriting();
                opened.Catalog.Write(JobTable.Interrupt);
            }

            return opened;
        }
        catch
        {
            opened?.Dispose();
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Keeps the lock until what this gives is disposed; takes it first where it was given back. What was read before it was taken may
    /// have been changed by another writer.
    /// </summary>
    /// <exception cref="CollectionLockedException">Another process took it meanwhile.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public IDisposable Hold()
    {
        lock (_holdGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Collection));
            if (!IsWritable)
            {
                throw new InvalidOperationException($"{Folder} was opened read-only.");
            }

            if (_lockFile is null)
            {
                _lockFile = LockFile.Take(Folder, MomentOfAnother);
                try
                {
                    Catalog.OpenWriter();
                    BeginWriting();
                }
                catch
                {
                    EndWriting();
                    throw;
                }
            }

            _holdCount++;
            return new HeldLock(this);
        }
    }

    /// <summary>Opens the newest generation so that the next search finds it ready.</summary>
    public void Publish() => Pool.Release(AcquireSegments());

    /// <summary>The segments of the newest generation; give them back to <see cref="Pool"/>.</summary>
    public SegmentSet AcquireSegments() => Catalog.Guard(() =>
    {
        (SqliteConnection connection, SegmentSet set) = Pool.Acquire(Catalog);
        Catalog.EndRead(connection);
        return set;
    });

    public void Dispose()
    {
        lock (_holdGate)
        {
            _isDisposed = true;
            Pool.Dispose();
            Catalog.Dispose();
            if (_lockFile is not null)
            {
                PendingTables.DeleteFiles(Folder);
            }

            _lockFile?.Dispose();
            _lockFile = null;
        }
    }

    private void BeginWriting()
    {
        RemoveLeftovers();
        Counters = new IdCounters(Catalog.Writer);
        Pending = new PendingTables(Catalog, Folder);
    }

    private void EndWriting()
    {
        (Counters, Pending) = (null, null);
        Catalog.CloseWriter();
        PendingTables.DeleteFiles(Folder);
        _lockFile?.Dispose();
        _lockFile = null;
    }

    private void Release()
    {
        lock (_holdGate)
        {
            if (--_holdCount == 0 && Options.YieldsLock && !_isDisposed)
            {
                EndWriting();
            }
        }
    }

    private void RemoveLeftovers()
    {
        PendingTables.DeleteFiles(Folder);
        HashSet<string> listed = Catalog.Read(ListFiles);
        foreach (string path in Directory.EnumerateFiles(SegmentFolder).ToList())
        {
            // A search of this process may still read a file that another writer has replaced.
            if (Path.GetExtension(path) is ".rows" or ".codes" or ".codec" && !listed.Contains(Path.GetFileName(path)) && !Pool.Uses(path))
            {
                Storage.Delete(path);
            }
        }
    }

    private static HashSet<string> ListFiles(SqliteConnection connection) =>
    [
        .. CatalogQueries.GetSegments(connection).Select(segment => SegmentLayout.GetFileName(segment.Id)),
        .. TierTable.GetFiles(connection).Select(file => TierLayout.GetCodesFileName(file.Id)),
        
        // The file of a tier that is not trained yet was left by a process that died before it could list it.
        .. TierTable.GetTiers(connection).Where(tier => tier.IsTrained).Select(tier => TierLayout.GetCodecFileName(tier.Id)),
    ];

    /// <summary>What writes the next file of codes.</summary>
    public CodesBuilder CreateCodesBuilder() => new(Storage, SegmentFolder, Counters!.NextFile(), BuildThreads);

    private sealed class HeldLock(CollectionStore store) : IDisposable
    {
        private CollectionStore? _store = store;

        public void Dispose() => Interlocked.Exchange(ref _store, null)?.Release();
    }
}
