using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Upkeep;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>One catalog and its segments in one folder: one writer (a lock file), many readers. Thread-safe.</summary>
#pragma warning disable CA1711 // A collection of documents is what the field calls it; it is no .NET collection type.
public sealed class Collection : IDisposable
#pragma warning restore CA1711
{
    private readonly CollectionStore _store;
    private readonly Maintenance? _maintenance;
    private readonly SemaphoreSlim _writers;
    private bool _isShared;
    private bool _isDisposed;

    private Collection(CollectionStore store)
        : this(store, store.IsWritable ? new Maintenance(store) : null, new SemaphoreSlim(1))
    {
    }

    private Collection(CollectionStore store, Maintenance? maintenance, SemaphoreSlim writers)
    {
        (_store, _maintenance, _writers) = (store, maintenance, writers);
        NewestGeneration newest = new(store);
        Documents = new CollectionDocuments(newest);
        Entries = new CollectionEntries(newest);
        Attributes = new CollectionAttributes(store);
        Sources = new CollectionSources(store.Catalog);
        Jobs = new CollectionJobs(store.Catalog);
        Tiers = new CollectionTiers(store, maintenance);
        Upkeep = new CollectionUpkeep(store, maintenance);
    }

    /// <summary>The folder of the collection.</summary>
    public string Folder => _store.Folder;

    /// <summary>True when it was opened for writing; see <see cref="CollectionOptions.YieldsLock"/> for when the lock is held.</summary>
    public bool IsWritable => _store.IsWritable;

    /// <summary>The spaces, by name.</summary>
    public IReadOnlyList<Space> Spaces => _store.Catalog.Read(CatalogQueries.GetSpaces);

    /// <summary>The documents, as the newest generation has them.</summary>
    public CollectionDocuments Documents { get; }

    /// <summary>The entries, as the newest generation has them.</summary>
    public CollectionEntries Entries { get; }

    /// <summary>What entries are found to show, by attributes with given values.</summary>
    public CollectionAttributes Attributes { get; }

    /// <summary>The ledger of files.</summary>
    public CollectionSources Sources { get; }

    /// <summary>The jobs of those who work on the collection.</summary>
    public CollectionJobs Jobs { get; }

    /// <summary>The tiers of the spaces.</summary>
    public CollectionTiers Tiers { get; }

    /// <summary>Merges, background work and checks.</summary>
    public CollectionUpkeep Upkeep { get; }

    /// <summary>Makes an empty collection and opens it for writing.</summary>
    /// <exception cref="CollectionExistsException">The folder already holds one.</exception>
    /// <exception cref="CollectionLockedException">Another process is making it.</exception>
    public static Collection Create(string folder, CollectionOptions options) => Create(folder, options, Storage.System);

    /// <summary>Opens a collection.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="writable">Take the lock of the one writer; without it, commits of another process are seen as they come.</param>
    /// <param name="options">How to use it; spaces that it names are added when writable.</param>
    /// <exception cref="CollectionNotFoundException">There is none.</exception>
    /// <exception cref="CollectionLockedException">Another writer is at work.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    /// <exception cref="CatalogException">Its catalog cannot be read.</exception>
    /// <exception cref="ModelMismatchException">A space of the options exists with another id.</exception>
    public static Collection Open(string folder, bool writable, CollectionOptions? options = null) =>
        Open(folder, writable, options ?? new CollectionOptions(), Storage.System);

    /// <summary>True when the folder holds a collection.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, SqliteCatalog.FileName));

    /// <summary>Makes a collection of what <see cref="CollectionUpkeep.BackUp"/> wrote: all of it, each file checked against its checksum,
    /// or nothing.</summary>
    /// <param name="source">The archive; read to its end.</param>
    /// <param name="folder">The folder of the new collection, which must not exist.</param>
    /// <param name="progress">Told of each file.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    /// <exception cref="InvalidDataException">The archive is no backup, is damaged or was cut short.</exception>
    /// <exception cref="CollectionExistsException">There is something in the folder's place.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public static BackupReport Restore(
        Stream source, string folder, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return BackupReader.Restore(source, folder, progress, cancellationToken);
    }

    /// <summary>The same open collection, to hand out to those who must not close it: disposing what this gives does nothing.</summary>
    public Collection Share() => new(_store, _maintenance, _writers) { _isShared = true };

    /// <summary>For tests that need to reach below the surface.</summary>
    internal CollectionStore Store => _store;

    internal static Collection Create(string folder, CollectionOptions options, Storage storage)
    {
        options.Check();
        folder = Path.GetFullPath(folder);
        if (Exists(folder))
        {
            throw new CollectionExistsException(folder);
        }

        Directory.CreateDirectory(folder);
        return AddSpaces(new Collection(CollectionStore.OpenWritable(folder, options, storage, create: true)), options);
    }

    internal static Collection Open(string folder, bool writable, CollectionOptions options, Storage storage)
    {
        options.Check();
        folder = Path.GetFullPath(folder);
        if (!Exists(folder))
        {
            throw new CollectionNotFoundException(folder);
        }

        return writable
            ? AddSpaces(new Collection(CollectionStore.OpenWritable(folder, options, storage, create: false)), options)
            : new Collection(CollectionStore.OpenReadOnly(folder, options, storage));
    }

    /// <summary>Adds a space. One of the same name and id is left as it is.</summary>
    /// <exception cref="ModelMismatchException">A space of that name has another id.</exception>
    /// <exception cref="DimensionMismatchException">A space of that name and id has another dimension.</exception>
    public void AddSpace(Space space)
    {
        EntryRules.Check(space);
        Space? known = Spaces.FirstOrDefault(s => s.Name == space.Name);
        if (known is not null)
        {
            if (known.Id != space.Id)
            {
                throw new ModelMismatchException(space.Name, known.Id, space.Id);
            }

            if (known.Dimension != space.Dimension)
            {
                throw new DimensionMismatchException(space.Name, known.Dimension, space.Dimension);
            }

            return;
        }

        lock (_store.CommitGate)
        {
            _store.Catalog.Write(connection =>
            {
                SpaceChanges.Add(connection, space);
                CatalogChanges.AdvanceGeneration(connection);
            });
        }
    }

    /// <summary>
    /// Lets a space that is filled but not asked take the place of one that is asked, in one transaction: later snapshots have the one,
    /// earlier ones the other. The rows of the former are kept, so that it can be taken back the same way, until
    /// <see cref="RemoveSpace"/>.
    /// </summary>
    /// <param name="from">A live space.</param>
    /// <param name="to">One that is not.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="SpaceStateException">The states are others.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void SwitchSpace(string from, string to) => ChangeSpaces(() => SpaceChanges.Switch(_store, Spaces, from, to));

    /// <summary>Removes a space with its rows and tiers; what else entries have stays. One that was to take its place, or whose
    /// place it took, is live then. Waits for a batch under way.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void RemoveSpace(string name) => ChangeSpaces(() => SpaceChanges.Remove(_store, Spaces, name));

    /// <summary>Keeps the lock of the one writer until what this gives is disposed, so that no other process writes between changes that
    /// belong together. Only needed with <see cref="CollectionOptions.YieldsLock"/>; may be nested.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    /// <exception cref="CollectionLockedException">Another process has it.</exception>
    public IDisposable HoldLock() => _store.Hold();

    /// <summary>Starts a batch of changes. One at a time: waits for the former to be disposed.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    /// <exception cref="CollectionLockedException">The lock had been given back and another process has it.</exception>
    public CollectionWriter BeginWrite(CancellationToken cancellationToken = default)
    {
        Maintenance maintenance = Maintenance.Require(_maintenance, _store);
        _writers.Wait(cancellationToken);
        IDisposable? held = null;
        try
        {
            IDisposable lockHeld = held = _store.Hold();
            return new CollectionWriter(_store, Spaces, maintenance.Schedule, () =>
            {
                lockHeld.Dispose();
                _writers.Release();
            });
        }
        catch
        {
            held?.Dispose();
            _writers.Release();
            throw;
        }
    }

    /// <summary>Searches the newest generation; see <see cref="Snapshot.Search"/>.</summary>
    public SearchResult Search(SearchRequest request, CancellationToken cancellationToken = default)
    {
        using Snapshot snapshot = OpenSnapshot();
        return snapshot.Search(request, cancellationToken);
    }

    /// <summary>The newest generation, fixed: later commits are not seen through it.</summary>
    public Snapshot OpenSnapshot() => new(_store);

    /// <summary>Counts and sizes.</summary>
    public CollectionStatistics GetStatistics()
    {
        using Snapshot snapshot = OpenSnapshot();
        return snapshot.Read(connection => Statistics.Read(connection, snapshot.Set, _store.Catalog.Path)) with
        {
            BackgroundProblem = _maintenance?.BackgroundFailure is { } failure ? ErrorText.Get(failure) : null,
        };
    }

    /// <summary>
    /// Says how the rows of a space are stored from now on; what is stored already is rewritten in the background, without encoding any
    /// media again, while searches read both. Precision that a smaller format gave up does not come back with a larger one.
    /// </summary>
    /// <returns>True when rows that are stored already lose precision by it.</returns>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public bool SetRowFormat(string space, RowFormat format)
    {
        Maintenance maintenance = Maintenance.Require(_maintenance, _store);
        using IDisposable held = _store.Hold();
        bool isLossy = TierSettings.SetRowFormat(_store, space, format);
        maintenance.Schedule();
        return isLossy;
    }

    /// <summary>Stops background work and gives the lock back. Dispose writers first. Does nothing to a shared collection; see
    /// <see cref="Share"/>.</summary>
    public void Dispose()
    {
        if (_isDisposed || _isShared)
        {
            return;
        }

        _isDisposed = true;
        _maintenance?.Dispose();
        _store.Dispose();
        _writers.Dispose();
    }

    /// <summary>Entries that have rows in one space and none in the other.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public long CountEntriesWithout(string space, string other)
    {
        using Snapshot snapshot = OpenSnapshot();
        _ = (snapshot.Set.GetSpace(space), snapshot.Set.GetSpace(other));
        HashSet<long> missing = [.. snapshot.Set.FindEntries(space)];
        missing.ExceptWith(snapshot.Set.FindEntries(other));
        return missing.Count;
    }

    private void ChangeSpaces(Action change)
    {
        Maintenance maintenance = Maintenance.Require(_maintenance, _store);
        _writers.Wait();
        try
        {
            using IDisposable held = _store.Hold();
            change();
        }
        finally
        {
            _writers.Release();
        }

        maintenance.Schedule();
    }

    private static Collection AddSpaces(Collection collection, CollectionOptions options)
    {
        try
        {
            if (options.Spaces.Count > 0)
            {
                using IDisposable held = collection.HoldLock();
                foreach (Space space in options.Spaces)
                {
                    collection.AddSpace(space);
                }
            }

            return collection;
        }
        catch
        {
            collection.Dispose();
            throw;
        }
    }
}
