using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Measuring;

/// <summary>Gives a space tiers once an exact search is expected to take long, unless a user chose its tiers.</summary>
internal sealed class AutomaticTiers(CollectionStore store)
{
    /// <summary>Rows of the query that is expected: a sentence.</summary>
    private const int QueryRowCount = 16;

    /// <summary>The tier that a space gets; docs/compression.md has the measurements that chose it for entries of many rows.</summary>
    private const string ManyRowsSpec = "bits:2";

    /// <summary>
    /// What a large space of smooth rows, as those of patches are, gets instead: codes choose candidates many times as fast as bits, and
    /// among those four rows in a row stand for each other, at a quarter of the bytes and of the time. Not where rows are words: made
    /// queries find there by codes what real ones do not.
    /// </summary>
    private const string CoarseSpec = "codeset:16384";
    private const string SmoothRowsSpec = "average:4/bits:2";

    /// <summary>64 rows for each of the centroids of <see cref="CoarseSpec"/>.</summary>
    private const long CoarseRowCount = 64 * 16_384;

    /// <summary>What Float32 rows get before that, and keep: by its bounds an exact search takes two thirds of the time (bench search), for
    /// a quarter more bytes.</summary>
    private const string BoundedSpec = "int8";

    /// <summary>The part of the latency target from which on that is worth the bytes.</summary>
    private const double BoundedPart = 0.25;

    /// <summary>The tier of a space whose entries have one row: of 200,000 and more the lists find candidates faster than any scan of
    /// codes.</summary>
    private const string OneRowSpec = "ivf";

    /// <summary>Adds tiers where they are due; building them is the next step's work.</summary>
    public bool AddNext(Snapshot snapshot)
    {
        SegmentSet set = snapshot.Set;
        foreach (Space space in store.Options.AutomaticTiers ? set.Spaces : [])
        {
            // Never fewer than before: a machine that scans faster than it seemed to is no reason to throw codes away.
            string[] missing = [.. FindDue(set, space).Except(set.TiersOfSpace(space.Name).Select(tier => tier.Record.Spec))];
            if (missing.Length == 0 || snapshot.Read(connection => TierTable.AreChosen(connection, space.Name)))
            {
                continue;
            }

            FileSwap.Run(store, [], connection =>
            {
                foreach (string spec in missing)
                {
                    TierTable.Add(connection, store.Counters!.NextFile(), space.Name, spec);
                }

                return [];
            });
            return true;
        }

        return false;
    }

    /// <summary>All tiers that a space may come to have by itself.</summary>
    public static IReadOnlyList<string> GetSpecs(SegmentSet set, Space space) =>
        GetSpecs(set.CountRows(space.Name), set.CountEntries(space.Name), space.RowFormat, double.PositiveInfinity,
            () => AreSmooth(set, space));

    /// <summary>The tiers that suit so many entries with so many rows together.</summary>
    /// <param name="rowCount">Rows.</param>
    /// <param name="entryCount">Entries.</param>
    /// <param name="format">How rows are stored.</param>
    /// <param name="load">How long an exact search is expected to take / the latency target.</param>
    /// <param name="areSmooth">Whether rows that follow each other are alike; asked only where it matters.</param>
    public static IReadOnlyList<string> GetSpecs(long rowCount, long entryCount, RowFormat format, double load, Func<bool> areSmooth)
    {
        if (rowCount == entryCount)
        {
            return load > 1 ? [OneRowSpec] : [];
        }

        List<string> specs = load <= 1 ? [] : rowCount >= CoarseRowCount && areSmooth() ? [CoarseSpec, SmoothRowsSpec] : [ManyRowsSpec];
        if (format == RowFormat.Float32 && load > BoundedPart)
        {
            specs.Add(BoundedSpec);
        }

        return specs;
    }

    private IReadOnlyList<string> FindDue(SegmentSet set, Space space)
    {
        long rowCount = set.CountRows(space.Name);
        long entryCount = set.CountEntries(space.Name);
        if (rowCount == 0)
        {
            return [];
        }

        float[] query = new float[(rowCount == entryCount ? 1 : QueryRowCount) * space.Dimension];
        double nanoseconds =
            rowCount * store.ScanSpeed.GetExact(space, space.RowFormat, new QueryScorers(new MultiVector(space.Dimension, query)));
        double load = nanoseconds / store.SearchThreads / 1e6 / store.Options.LatencyTarget.TotalMilliseconds;
        return GetSpecs(rowCount, entryCount, space.RowFormat, load, () => AreSmooth(set, space));
    }

    // What was found once stays: entries need not be read again at every step.
    private static bool AreSmooth(SegmentSet set, Space space) =>
        set.TiersOfSpace(space.Name).Any(tier => tier.Record.Spec == SmoothRowsSpec)
            || RowSmoothness.Measure(set, space) >= RowSmoothness.Smooth;
}
