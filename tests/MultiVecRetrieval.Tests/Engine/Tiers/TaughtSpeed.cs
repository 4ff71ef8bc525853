using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Search;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Tells a collection how fast it searches, so that a plan does not depend on the machine.</summary>
internal static class TaughtSpeed
{
    // One search moves what is known by a third at most.
    private const int RepetitionCount = 100;

    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(1);

    /// <summary>Nanoseconds of one thread for one row, in a scan of all rows.</summary>
    public static void TeachExact(Collection collection, int queryRowCount, double nanoseconds)
    {
        using Snapshot snapshot = new(collection.Store);
        Space space = snapshot.Set.GetSpace("words");
        for (int i = 0; i < RepetitionCount; i++)
        {
            collection.Store.ScanSpeed.RecordExact(space, space.RowFormat, Scorers(space, queryRowCount), Count(nanoseconds), threads: 1,
                Elapsed);
        }
    }

    /// <summary>Nanoseconds of one thread for the upper bound of one entry, in every tier.</summary>
    public static void TeachBounds(Collection collection, int queryRowCount, double nanoseconds)
    {
        using Snapshot snapshot = new(collection.Store);
        Space space = snapshot.Set.GetSpace("words");
        foreach (LiveTier tier in snapshot.Set.TiersOfSpace("words"))
        {
            for (int i = 0; i < RepetitionCount; i++)
            {
                collection.Store.ScanSpeed.RecordCodes(tier, areBounds: true, Scorers(space, queryRowCount), Count(nanoseconds),
                    threads: 1, Elapsed);
            }
        }
    }

    /// <summary>Nanoseconds of one thread for one row of an entry that bounds do not exclude, in every tier.</summary>
    public static void TeachRescored(Collection collection, int queryRowCount, double nanoseconds)
    {
        using Snapshot snapshot = new(collection.Store);
        Space space = snapshot.Set.GetSpace("words");
        foreach (LiveTier tier in snapshot.Set.TiersOfSpace("words"))
        {
            for (int i = 0; i < RepetitionCount; i++)
            {
                collection.Store.ScanSpeed.RecordRescored(tier.Record.Id, Scorers(space, queryRowCount), Count(nanoseconds), threads: 1,
                    Elapsed, nanoseconds);
            }
        }
    }

    private static QueryScorers Scorers(Space space, int rowCount)
        => new(new MultiVector(space.Dimension, new float[rowCount * space.Dimension]));

    private static long Count(double nanoseconds) => (long)(Elapsed.TotalNanoseconds / nanoseconds);
}
