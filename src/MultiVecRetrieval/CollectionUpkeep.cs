using MultiVecRetrieval.Upkeep;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>The upkeep of a collection, which goes on in the background by itself: here it is done at once. Thread-safe.</summary>
public sealed class CollectionUpkeep
{
    private readonly CollectionStore _store;
    private readonly Maintenance? _maintenance;

    internal CollectionUpkeep(CollectionStore store, Maintenance? maintenance) => (_store, _maintenance) = (store, maintenance);

    /// <summary>Brings every space to one segment file and drops the rows of deleted entries. Searches and commits go on
    /// meanwhile.</summary>
    public void MergeSegments(CancellationToken cancellationToken = default) =>
        Maintenance.Require(_maintenance, _store).MergeAll(cancellationToken);

    /// <summary>Does all background work that is due, row formats and tiers, and returns when it is done. Searches and commits go on
    /// meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    /// <exception cref="CorruptSegmentException">A segment is damaged.</exception>
    /// <exception cref="ArgumentException">A stored value does not fit the row format wanted.</exception>
    public void Run(IProgress<MaintenanceProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Maintenance.Require(_maintenance, _store).RunAll(progress, cancellationToken);

    /// <summary>Writes the newest generation as a tar archive: the catalog, the files of its segments and tiers, and at the end a list of
    /// all with checksums. Searches and commits go on meanwhile.</summary>
    /// <param name="target">Where it is written; not closed.</param>
    /// <param name="uploads">Further files by the name that they have in the folder <c>uploads</c>; null for none.</param>
    /// <param name="progress">Told of each file.</param>
    /// <param name="cancellationToken">Stops it; what was written is no backup then, and is refused when it is restored.</param>
    /// <exception cref="IOException">A file could not be read, or the target not written.</exception>
    public BackupReport BackUp(Stream target, IReadOnlyDictionary<string, string>? uploads = null,
        IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new BackupWriter(_store).Write(target, NameUploads(uploads), progress, cancellationToken);
    }

    /// <summary>Opens the files of the newest generation, to copy them elsewhere while searches and commits go on;
    /// <see cref="CollectionRestoration"/> makes a collection of them.</summary>
    /// <param name="uploads">Further files by the name that they have in the folder <c>uploads</c>; null for none.</param>
    /// <exception cref="IOException">A file could not be opened.</exception>
    public CollectionFiles OpenFiles(IReadOnlyDictionary<string, string>? uploads = null) =>
        CollectionFiles.Open(_store, NameUploads(uploads));

    /// <summary>Checks the catalog and every checksum of every file in use.</summary>
    public VerificationReport Verify(CancellationToken cancellationToken = default) =>
        new Verifier(_store).Verify(_maintenance?.BackgroundFailure, cancellationToken);

    private static Dictionary<string, string> NameUploads(IReadOnlyDictionary<string, string>? uploads) =>
        (uploads ?? new Dictionary<string, string>())
            .ToDictionary(file => $"uploads/{file.Key}", file => file.Value, StringComparer.Ordinal);
}
