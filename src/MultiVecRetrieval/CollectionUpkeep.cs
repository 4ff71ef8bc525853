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

    /// <summary>Checks the catalog and every checksum of every file in use.</summary>
    public VerificationReport Verify(CancellationToken cancellationToken = default) =>
        new Verifier(_store).Verify(_maintenance?.BackgroundFailure, cancellationToken);
}
