using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;
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
    private readonly bool _isShared;
    private bool _isDisposed;

    private Collection(CollectionStore store)
    {
        _store = store;
        _maintenance = store.IsWritable ? new Maintenance(store) : null;
        _writers = new SemaphoreSlim(1);
    }

    private Collection(Collection owner)
    {
        (_store, _maintenance, _writers) = (owner._store, owner._maintenance, owner._writers);
        _isShared = true;
    }

    /// <summary>The folder of the collection.</summary>
    public string Folder => _store.Folder;

    /// <summary>True when this process is the one that writes.</summary>
    public bool IsWritable => _store.IsWritable;

    /// <summary>The spaces, by name.</summary>
    public IReadOnlyList<Space> Spaces => _store.Catalog.Read(CatalogQueries.GetSpaces);

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

    /// <summary>The same open collection, to hand out to those who must not close it: disposing what this gives does nothing.</summary>
    public Collection Share() => new(this);

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
                connection.Execute(
                    "INSERT INTO main.spaces (name, space_id, dimension, row_format, model_folder, reduction) VALUES ($1, $2, $3, $4, $5, $6)",
                    space.Name,
                    space.Id.Value,
                    space.Dimension,
                    (int)space.RowFormat,
                    space.ModelFolder,
                    space.Reduction);
                CatalogChanges.AdvanceGeneration(connection);
            });
        }
    }

    /// <summary>Starts a batch of changes. One at a time: waits for the former to be disposed.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public CollectionWriter BeginWrite(CancellationToken cancellationToken = default)
    {
        Maintenance maintenance = RequireWritable();
        _writers.Wait(cancellationToken);
        try
        {
            return new CollectionWriter(_store, Spaces, maintenance.Schedule, () => _writers.Release());
        }
        catch
        {
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

    /// <summary>Tries tiers on stored entries: how small, how fast, and what recall against exact, verified on queries that chose
    /// nothing.</summary>
    /// <param name="request">What to try.</param>
    /// <param name="progress">Told what is being tried.</param>
    /// <param name="cancellationToken">Stops between tiers and queries.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="TooFewEntriesException">The space has fewer than 100 entries.</exception>
    /// <exception cref="TierSpecException">A tier is not understood.</exception>
    /// <exception cref="ArgumentException">A value is out of range, or fewer than 20 queries were given.</exception>
    /// <exception cref="DimensionMismatchException">A query has rows of another length.</exception>
    public TuneReport Tune(TuneRequest request, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using Snapshot snapshot = OpenSnapshot();
        return new Tuner(snapshot.Set, request, progress, cancellationToken).Run();
    }

    /// <summary>The newest generation, fixed: later commits are not seen through it.</summary>
    public Snapshot OpenSnapshot() => new(_store);

    /// <summary>The document of a key; null when there is none.</summary>
    public Document? GetDocument(string key) => _store.Catalog.Read(connection => CatalogQueries.GetDocument(connection, key));

    /// <summary>A document made of the same bytes, the first by key; null when there is none.</summary>
    public Document? FindDocumentByHash(string contentHash) =>
        _store.Catalog.Read(connection => CatalogQueries.FindDocumentByHash(connection, contentHash));

    /// <summary>The entry of a key; null when there is none.</summary>
    public Entry? GetEntry(string key) => _store.Catalog.Read(connection => CatalogQueries.GetEntry(connection, key));

    /// <summary>The rows of an entry with their places, as far as the row format kept them; null when it has none in that space.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public MultiVector? GetVectors(string entryKey, string space)
    {
        using Snapshot snapshot = OpenSnapshot();
        snapshot.Set.GetSpace(space);
        if (snapshot.Read(connection => CatalogQueries.GetEntryId(connection, entryKey)) is not { } id)
        {
            return null;
        }

        return snapshot.Set.Find(space, id) is var (segment, index) ? segment.Shared.Reader.Read(index) : null;
    }

    /// <summary>The text of an entry; null when it has none.</summary>
    public TextLayer? GetText(string entryKey) => _store.Catalog.Read(connection =>
        CatalogQueries.GetEntryId(connection, entryKey) is { } id ? CatalogQueries.GetText(connection, id, _store.Catalog.Path) : null);

    /// <summary>The fingerprints of an entry; empty when it has none.</summary>
    public IReadOnlyList<Fingerprint> GetFingerprints(string entryKey) => _store.Catalog.Read<IReadOnlyList<Fingerprint>>(connection =>
        CatalogQueries.GetEntryId(connection, entryKey) is { } id ? CatalogQueries.GetFingerprints(connection, id) : []);

    /// <summary>Documents with an entry that meets the filter, by key (in the order of its UTF-8 bytes), after
    /// <paramref name="afterKey"/>.</summary>
    public IReadOnlyList<Document> ListDocuments(Filter? filter = null, string? afterKey = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _store.Catalog.Read(connection => CatalogQueries.ListDocuments(connection, filter, afterKey, limit));
    }

    /// <summary>Entries that meet the filter, by key (in the order of its UTF-8 bytes), after <paramref name="afterKey"/>.</summary>
    public IReadOnlyList<Entry> ListEntries(string? documentKey = null, Filter? filter = null, string? afterKey = null, int limit = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return _store.Catalog.Read(connection => CatalogQueries.ListEntries(connection, documentKey, filter, afterKey, limit));
    }

    /// <summary>Counts and sizes.</summary>
    public CollectionStatistics GetStatistics()
    {
        using Snapshot snapshot = OpenSnapshot();
        return snapshot.Read(connection => Statistics.Read(connection, snapshot.Set, _store.Catalog.Path)) with
        {
            BackgroundProblem = _maintenance?.BackgroundFailure is { } failure ? ErrorText.Get(failure) : null,
        };
    }

    /// <summary>What became of a file; null when it was never seen.</summary>
    public SourceFile? GetSource(string root, string path) => _store.Catalog.Read(connection => SourceLedger.Get(connection, root, path));

    /// <summary>Files of the ledger, by root and path.</summary>
    public IReadOnlyList<SourceFile> ListSources(SourceState? state = null, string? root = null, int limit = int.MaxValue) =>
        _store.Catalog.Read(connection => SourceLedger.List(connection, state, root, limit));

    /// <summary>Files of the ledger, counted.</summary>
    public SourceCounts CountSources() => _store.Catalog.Read(SourceLedger.Count);

    /// <summary>Adds files to the ledger or replaces what it says of them, all together.</summary>
    public void SaveSources(IReadOnlyList<SourceFile> sources) => _store.Catalog.Write(connection =>
    {
        foreach (SourceFile source in sources)
        {
            SourceLedger.Save(connection, source);
        }
    });

    /// <summary>Takes files out of the ledger, all together; their documents stay.</summary>
    public void RemoveSources(IReadOnlyList<SourceKey> sources) => _store.Catalog.Write(connection =>
    {
        foreach ((string root, string path) in sources)
        {
            SourceLedger.Remove(connection, root, path);
        }
    });

    /// <summary>Adds a job or replaces the one of the same id.</summary>
    public void SaveJob(JobRecord job) => _store.Catalog.Write(connection => JobTable.Save(connection, job));

    /// <summary>The job of an id; null when there is none. Jobs that a former process left unfinished are "interrupted".</summary>
    public JobRecord? GetJob(string id) => _store.Catalog.Read(connection => JobTable.Get(connection, id));

    /// <summary>Jobs, newest first.</summary>
    public IReadOnlyList<JobRecord> ListJobs(int limit = 100) => _store.Catalog.Read(connection => JobTable.List(connection, limit));

    /// <summary>Brings every space to one segment file and drops the rows of deleted entries. Searches and commits go on
    /// meanwhile.</summary>
    public void MergeSegments(CancellationToken cancellationToken = default) => RequireWritable().MergeAll(cancellationToken);

    /// <summary>
    /// Says which tiers a space has, at once and atomically: known ones stay, others go, new ones are trained, encoded and measured in the
    /// background; see <see cref="Maintain"/> for waiting. Searches use a tier once it is measured. From then on the space gets no tier by
    /// itself, until <see cref="SetAutomaticTiers"/>.
    /// </summary>
    /// <param name="space">The name of the space.</param>
    /// <param name="specs">Codecs as people write them, for instance <c>bits:2</c> or <c>int8</c>; empty for none.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="TierSpecException">There is no such tier, or an argument is out of its range; nothing is changed then.</exception>
    /// <exception cref="ArgumentException">A tier is named twice.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void SetTiers(string space, IReadOnlyList<string> specs)
    {
        Maintenance maintenance = RequireWritable();
        TierSettings.SetTiers(_store, space, specs);
        maintenance.Schedule();
    }

    /// <summary>
    /// Gives a space one more tier, of a codec that was trained elsewhere (<see cref="BinarizerFile"/>), in place of one of the same spec;
    /// its codes are made and measured in the background. It keeps what it learned: it is never trained anew from rows, however the space
    /// grows.
    /// </summary>
    /// <param name="space">The name of the space.</param>
    /// <param name="codec">The codec, for rows of the space.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="DimensionMismatchException">The codec is for rows of another length.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void AddTier(string space, EntryCodec codec)
    {
        Maintenance maintenance = RequireWritable();
        TierSettings.AddTrained(_store, space, codec);
        maintenance.Schedule();
    }

    /// <summary>
    /// Takes back what <see cref="SetTiers"/> said: tiers that somebody chose go, and the space gets its own once an exact search is
    /// expected to take long; see <see cref="CollectionOptions.AutomaticTiers"/>.
    /// </summary>
    /// <param name="space">The name of the space.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void SetAutomaticTiers(string space)
    {
        Maintenance maintenance = RequireWritable();
        TierSettings.SetAutomatic(_store, space);
        maintenance.Schedule();
    }

    /// <summary>The tiers of a space and how far they are.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public IReadOnlyList<TierStatistics> GetTiers(string space)
    {
        using Snapshot snapshot = OpenSnapshot();
        return Statistics.ReadTiers(snapshot.Set, snapshot.Set.GetSpace(space).Name);
    }

    /// <summary>
    /// Gives real queries of a space, in place of those given before: tiers are trained and measured with them. Without any, queries are
    /// made from rows of entries, which lie elsewhere when queries are of another modality than rows.
    /// </summary>
    /// <param name="space">The name of the space.</param>
    /// <param name="queries">At most 10,000; every other one trains, the rest measure.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="DimensionMismatchException">A query has rows of another length.</exception>
    /// <exception cref="ArgumentException">A query has no rows, or a value that is not finite, or there are too many.</exception>
    public void SetQuerySample(string space, IReadOnlyList<MultiVector> queries)
    {
        RequireWritable();
        TierSettings.SetQueries(_store, space, queries);
    }

    /// <summary>The queries of <see cref="SetQuerySample"/>.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public IReadOnlyList<MultiVector> GetQuerySample(string space)
    {
        using Snapshot snapshot = OpenSnapshot();
        Space known = snapshot.Set.GetSpace(space);
        return snapshot.Read(connection => TierTable.GetQueries(connection, known));
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
        Maintenance maintenance = RequireWritable();
        bool isLossy = TierSettings.SetRowFormat(_store, space, format);
        maintenance.Schedule();
        return isLossy;
    }

    /// <summary>Does all background work that is due, row formats and tiers, and returns when it is done. Searches and commits go on
    /// meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    /// <exception cref="CorruptSegmentException">A segment is damaged.</exception>
    /// <exception cref="ArgumentException">A stored value does not fit the row format wanted.</exception>
    public void Maintain(IProgress<MaintenanceProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RequireWritable().RunAll(progress, cancellationToken);

    /// <summary>Checks the catalog and every checksum of every file in use.</summary>
    public VerificationReport Verify(CancellationToken cancellationToken = default) =>
        new Verifier(_store).Verify(_maintenance?.BackgroundFailure, cancellationToken);

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

    private static Collection AddSpaces(Collection collection, CollectionOptions options)
    {
        try
        {
            foreach (Space space in options.Spaces)
            {
                collection.AddSpace(space);
            }

            return collection;
        }
        catch
        {
            collection.Dispose();
            throw;
        }
    }

    private Maintenance RequireWritable() => _maintenance ?? throw new InvalidOperationException($"{Folder} was opened read-only.");
}
