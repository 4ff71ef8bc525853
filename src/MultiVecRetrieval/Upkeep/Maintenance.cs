using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Everything that a collection does for itself, one thing at a time, beside searches and commits: merges, row formats,
/// tiers.</summary>
internal sealed class Maintenance : IDisposable
{
    private readonly CollectionStore _store;
    private readonly Merges _merges;
    private readonly TierWork _tiers;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _background = Task.CompletedTask;
    private bool _isAskedAgain;
    private bool _isRunning;
    private bool _isDisposed;

    public Maintenance(CollectionStore store)
    {
        _store = store;
        _merges = new Merges(store);
        _tiers = new TierWork(store);
    }

    /// <summary>The maintenance of a collection that this process writes.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only, so it has none.</exception>
    public static Maintenance Require(Maintenance? maintenance, CollectionStore store) =>
        maintenance ?? throw new InvalidOperationException($"{store.Folder} was opened read-only.");

    /// <summary>Why the last background work failed; null when it did not.</summary>
    public Exception? BackgroundFailure { get; private set; }

    /// <summary>Starts in the background what is due.</summary>
    public void Schedule()
    {
        lock (_gate)
        {
            if (_isDisposed || (_store.Options.MergeSegmentCount == 0 && !_store.Options.BuildTiersInBackground))
            {
                return;
            }

            // What is asked for while work ends must not be forgotten.
            _isAskedAgain = true;
            if (_isRunning)
            {
                return;
            }

            // Who writes next does what is due, if that is another process by now.
            if (HoldOrNull() is { } held)
            {
                _isRunning = true;
                _background = Task.Run(() =>
                {
                    using (held)
                    {
                        RunBackground();
                    }
                });
            }
        }
    }

    /// <summary>Brings every space to one segment without dead rows.</summary>
    public void MergeAll(CancellationToken cancellationToken)
    {
        using IDisposable held = _store.Hold();
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        foreach (Space space in _store.Catalog.Read(CatalogQueries.GetSpaces))
        {
            Alone(() => _merges.MergeOnce(set => MergePolicy.ChooseAll(set, space.Name), null, linked.Token), linked.Token);
        }
    }

    /// <summary>Rewrites segments in the row format of their space and builds every tier; returns when nothing is left to do.</summary>
    public void RunAll(IProgress<MaintenanceProgress>? progress, CancellationToken cancellationToken)
    {
        using IDisposable held = _store.Hold();
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        while (Alone(() => RunNext(progress, linked.Token), linked.Token))
        {
        }

        BackgroundFailure = null;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _stop.Cancel();
        _background.Wait();
        _stop.Dispose();
        _oneAtATime.Dispose();
    }

    private IDisposable? HoldOrNull()
    {
        try
        {
            return _store.Hold();
        }
        catch (CollectionLockedException)
        {
            return null;
        }
    }

    private void RunBackground()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isAskedAgain || _stop.IsCancellationRequested)
                {
                    // Under the lock: whoever asks from now on starts a new task.
                    _isRunning = false;
                    return;
                }

                _isAskedAgain = false;
            }

            RunDue();
        }
    }

    private void RunDue()
    {
        try
        {
            bool merges = _store.Options.MergeSegmentCount > 0;
            bool builds = _store.Options.BuildTiersInBackground;
            while (Alone(() => (merges && Merge()) || (builds && RunNext(null, _stop.Token)), _stop.Token))
            {
                BackgroundFailure = null;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        // The edge of a task that nobody awaits: whatever failed is logged and kept for the statistics, and work goes on when it is
        // asked for again.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Nothing is lost: everything stays as it was. The statistics report it, the next commit tries again.
            BackgroundFailure = exception is AggregateException { InnerException: { } inner } ? inner : exception;
            _store.Logger.LogBackgroundFailure(BackgroundFailure, _store.Folder);
        }
    }

    private bool Merge() => _merges.MergeOnce(set => MergePolicy.Choose(set, _store.Options.MergeSegmentCount), null, _stop.Token);

    private bool RunNext(IProgress<MaintenanceProgress>? progress, CancellationToken cancellationToken) =>
        _merges.MergeOnce(MergePolicy.ChooseReformatted, progress, cancellationToken) || _tiers.RunNext(progress, cancellationToken);

    private bool Alone(Func<bool> work, CancellationToken cancellationToken)
    {
        _oneAtATime.Wait(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
