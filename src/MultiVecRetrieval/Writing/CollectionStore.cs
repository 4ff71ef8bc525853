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
    public const string LockFileName = "LOCK";

    private readonly FileStream? _lockFile;

    private CollectionStore(string folder, CollectionOptions options, Storage storage, FileStream? lockFile)
    {
        Folder = folder;
        Options = options;
        Storage = storage;
        Logger = options.LoggerFactory?.CreateLogger<Collection>() ?? NullLogger<Collection>.Instance;
        SegmentFolder = Path.Combine(folder, SegmentFolderName);
        _lockFile = lockFile;
        Catalog = new SqliteCatalog(folder, writable: lockFile is not null);
        Pool = new SegmentPool(SegmentFolder, storage);
    }

    public string Folder { get; }

    public string SegmentFolder { get; }

    public CollectionOptions Options { get; }

    public Storage Storage { get; }

    public ILogger Logger { get; }

    public SqliteCatalog Catalog { get; }

    public SegmentPool Pool { get; }

    public bool IsWritable => _lockFile is not null;

    /// <summary>Threads that one search uses.</summary>
    public int SearchThreads => Options.SearchThreads == 0 ? Environment.ProcessorCount : Options.SearchThreads;

    /// <summary>How fast searches are here.</summary>
    public ScanSpeed ScanSpeed { get; } = new();

    /// <summary>Threads that background work uses.</summary>
    public int BuildThreads => SearchThreads;

    /// <summary>Held by a commit or by the end of a merge: both rest on the list of segments not changing under them.</summary>
    public Lock CommitGate { get; } = new();

    /// <summary>Ids to hand out; null when read-only.</summary>
    public IdCounters? Counters { get; private set; }

    /// <summary>Tables of the batch under way; null when read-only.</summary>
    public PendingTables? Pending { get; private set; }

    public static CollectionStore OpenReadOnly(string folder, CollectionOptions options, Storage storage) =>
        new(folder, options, storage, lockFile: null);

    /// <exception cref="CollectionLockedException">Another writer is at work.</exception>
    public static CollectionStore OpenWritable(string folder, CollectionOptions options, Storage storage, bool create)
    {
        FileStream lockFile = TakeLock(folder);
        CollectionStore? opened = null;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, SegmentFolderName));
            if (create)
            {
                SqliteCatalog.Create(folder, storage.SyncFolder);
            }

            opened = new CollectionStore(folder, options, storage, lockFile);
            opened.RemoveLeftovers();
            opened.Catalog.Write(JobTable.Interrupt);
            opened.Counters = new IdCounters(opened.Catalog.Writer);
            opened.Pending = new PendingTables(opened.Catalog, folder);
            return opened;
        }
        catch
        {
            opened?.Dispose();
            lockFile.Dispose();
            throw;
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
        Pool.Dispose();
        Catalog.Dispose();
        if (IsWritable)
        {
            PendingTables.DeleteFiles(Folder);
        }

        _lockFile?.Dispose();
    }

    private static FileStream TakeLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            throw new CollectionLockedException(folder);
        }
    }

    // EAGAIN of flock on Linux (11) and macOS (35), ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private void RemoveLeftovers()
    {
        PendingTables.DeleteFiles(Folder);
        HashSet<string> listed = Catalog.Read(ListFiles);
        foreach (string path in Directory.EnumerateFiles(SegmentFolder).ToList())
        {
            if (Path.GetExtension(path) is ".rows" or ".codes" or ".codec" && !listed.Contains(Path.GetFileName(path)))
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
}
