using Microsoft.Extensions.Logging;

namespace MultiVecRetrieval;

/// <summary>How a collection is created and used.</summary>
public sealed record CollectionOptions
{
    /// <summary>Spaces to have; missing ones are added when the collection is opened for writing.</summary>
    public IReadOnlyList<Space> Spaces { get; init; } = [];

    /// <summary>Threads that score one search; 0 = one per processor. The results do not depend on it. Default 0.</summary>
    public int SearchThreads { get; init; }

    /// <summary>Bytes of packed rows held in memory before a batch spills them to a segment file. At least 1. Default 64 MiB.</summary>
    public long WriteBufferInBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Segments of about the same size that a space may have before they are merged in the background; at least 2, or 0 for
    /// no background merges. Default 8.
    /// </summary>
    public int MergeSegmentCount { get; init; } = 8;

    /// <summary>Train, encode and measure tiers and rewrite row formats in the background; else only <see cref="CollectionUpkeep.Run"/>
    /// does. Default true.</summary>
    public bool BuildTiersInBackground { get; init; } = true;

    /// <summary>
    /// Give a space tiers once an exact search is expected to take longer than <see cref="LatencyTarget"/>, and one that proves exact hits
    /// faster than a scan where float32 rows take a quarter of that, unless <see cref="CollectionTiers.Set"/> chose for it. Default true.
    /// </summary>
    public bool AutomaticTiers { get; init; } = true;

    /// <summary>How long an exact search may be expected to take before a search without a wish uses a tier; above 0. Default 50
    /// ms.</summary>
    public TimeSpan LatencyTarget { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Give the lock of the one writer back whenever no batch is open, nothing is worked on in the background and nobody keeps it by
    /// <see cref="Collection.HoldLock"/>, so that another process may write. Each change then takes it anew and throws
    /// <see cref="CollectionLockedException"/> when it is taken. Default false: it is held until the collection is disposed.
    /// </summary>
    public bool YieldsLock { get; init; }

    /// <summary>Told what background work does and why it failed; null for nobody. Default null.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LatencyTarget, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(SearchThreads);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteBufferInBytes, 1);
        if (MergeSegmentCount is < 0 or 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MergeSegmentCount), MergeSegmentCount, "MergeSegmentCount is 0 or at least 2.");
        }
    }
}
