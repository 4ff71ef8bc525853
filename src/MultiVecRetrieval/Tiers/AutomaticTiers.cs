using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Tiers;

/// <summary>Gives a space tiers once an exact search is expected to take longer than the latency target, unless a user chose its tiers.</summary>
internal sealed class AutomaticTiers(CollectionStore store)
{
    /// <summary>Rows of the query that is expected: a sentence.</summary>
    private const int QueryRowCount = 16;

    /// <summary>The tier that a space gets; docs/compression.md has the measurements that chose it for entries of many rows.</summary>
    private const string ManyRowsSpec = "bits:2";

    /// <summary>
    /// What a large space of entries of many rows gets besides: where rows are smooth, as those of patches are, it chooses candidates many times as fast;
    /// where they are not, it is not used and costs two bytes per distinct code.
    /// </summary>
    private const string CoarseSpec = "codeset:16384";

    /// <summary>64 rows for each of the centroids of <see cref="CoarseSpec"/>.</summary>
    private const long CoarseRowCount = 64 * 16_384;

    /// <summary>The tier of a space whose entries have one row: of 200,000 and more the lists find candidates faster than any scan of codes.</summary>
    private const string OneRowSpec = "ivf";

    /// <summary>Adds tiers where they are due; building them is the next step's work.</summary>
    public bool AddNext(Snapshot snapshot)
    {
        SegmentSet set = snapshot.Set;
        Space? due = store.Options.AutomaticTiers ? set.Spaces.FirstOrDefault(space => IsDue(snapshot, space)) : null;
        if (due is null)
            return false;

        FileSwap.Run(store, [], connection =>
        {
            foreach (string spec in GetSpecs(set, due))
                TierTable.Add(connection, store.Counters!.NextFile(), due.Name, spec);

            return [];
        });
        return true;
    }

    /// <summary>The tiers that suit the entries of a space.</summary>
    public static IReadOnlyList<string> GetSpecs(SegmentSet set, Space space) => GetSpecs(set.CountRows(space.Name), set.CountEntries(space.Name));

    /// <summary>The tiers that suit so many entries with so many rows together.</summary>
    public static IReadOnlyList<string> GetSpecs(long rowCount, long entryCount) =>
        rowCount == entryCount ? [OneRowSpec] : rowCount < CoarseRowCount ? [ManyRowsSpec] : [CoarseSpec, ManyRowsSpec];

    private static bool IsOneRow(SegmentSet set, Space space) => set.CountRows(space.Name) == set.CountEntries(space.Name);

    private bool IsDue(Snapshot snapshot, Space space)
    {
        SegmentSet set = snapshot.Set;
        if (set.TiersOfSpace(space.Name).Any() || set.CountRows(space.Name) == 0)
            return false;

        float[] query = new float[(IsOneRow(set, space) ? 1 : QueryRowCount) * space.Dimension];
        double nanoseconds = set.CountRows(space.Name) * store.ScanSpeed.GetExact(space, space.RowFormat, new QueryScorers(new MultiVector(space.Dimension, query)));
        if (nanoseconds / store.SearchThreads / 1e6 <= store.Options.LatencyTarget.TotalMilliseconds)
            return false;

        return !snapshot.Read(connection => TierTable.AreChosen(connection, space.Name));
    }
}
