using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Upkeep;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>The tiers of the spaces of a collection: which there are, what they are trained and measured with. Thread-safe.</summary>
public sealed class CollectionTiers
{
    private readonly CollectionStore _store;
    private readonly Maintenance? _maintenance;

    internal CollectionTiers(CollectionStore store, Maintenance? maintenance) => (_store, _maintenance) = (store, maintenance);

    /// <summary>
    /// Says which tiers a space has, at once and atomically: known ones stay, others go, new ones are trained, encoded and measured in the
    /// background; see <see cref="CollectionUpkeep.Run"/> for waiting. Searches use a tier once it is measured. From then on the space
    /// gets no tier by itself, until <see cref="SetAutomatic"/>.
    /// </summary>
    /// <param name="space">The name of the space.</param>
    /// <param name="specs">Codecs as people write them, for instance <c>bits:2</c> or <c>int8</c>; empty for none.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="SpecException">There is no such tier, or an argument is out of its range; nothing is changed then.</exception>
    /// <exception cref="ArgumentException">A tier is named twice.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void Set(string space, IReadOnlyList<string> specs)
    {
        Maintenance maintenance = Maintenance.Require(_maintenance, _store);
        using IDisposable held = _store.Hold();
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
    public void Add(string space, EntryCodec codec)
    {
        Maintenance maintenance = Maintenance.Require(_maintenance, _store);
        using IDisposable held = _store.Hold();
        TierSettings.AddTrained(_store, space, codec);
        maintenance.Schedule();
    }

    /// <summary>
    /// Takes back what <see cref="Set"/> said: tiers that somebody chose go, and the space gets its own once an exact search is
    /// expected to take long; see <see cref="CollectionOptions.AutomaticTiers"/>.
    /// </summary>
    /// <param name="space">The name of the space.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void SetAutomatic(string space)
    {
        Maintenance maintenance = Maintenance.Require(_maintenance, _store);
        using IDisposable held = _store.Hold();
        TierSettings.SetAutomatic(_store, space);
        maintenance.Schedule();
    }

    /// <summary>The tiers of a space and how far they are.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public IReadOnlyList<TierStatistics> Get(string space)
    {
        using Snapshot snapshot = new(_store);
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
    public void SetQueries(string space, IReadOnlyList<MultiVector> queries)
    {
        Maintenance.Require(_maintenance, _store);
        using IDisposable held = _store.Hold();
        TierSettings.SetQueries(_store, space, queries);
    }

    /// <summary>The queries of <see cref="SetQueries"/>.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public IReadOnlyList<MultiVector> GetQueries(string space)
    {
        using Snapshot snapshot = new(_store);
        Space known = snapshot.Set.GetSpace(space);
        return snapshot.Read(connection => TierTable.GetQueries(connection, known));
    }

    /// <summary>Tries tiers on stored entries: how small, how fast, and what recall against exact, verified on queries that chose
    /// nothing.</summary>
    /// <param name="request">What to try.</param>
    /// <param name="progress">Told what is being tried.</param>
    /// <param name="cancellationToken">Stops between tiers and queries.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="TooFewEntriesException">The space has fewer than 100 entries.</exception>
    /// <exception cref="SpecException">A tier is not understood.</exception>
    /// <exception cref="ArgumentException">A value is out of range, or fewer than 20 queries were given.</exception>
    /// <exception cref="DimensionMismatchException">A query has rows of another length.</exception>
    public TuneReport Tune(TuneRequest request, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using Snapshot snapshot = new(_store);
        return new Tuner(snapshot.Set, request, progress, cancellationToken).Run();
    }
}
