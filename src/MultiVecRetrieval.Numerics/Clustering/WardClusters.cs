using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>Ward's clusters of any number of rows.</summary>
internal static class WardClusters
{
    // The matrix of more rows would take more than 64 MB; they are clustered in runs of at most this many.
    internal const int MaxRunRowCount = 4096;

    /// <summary>The clusters of some rows, numbered by their first rows: as many as wanted, or one per run when that is more.</summary>
    public static int[] Find(MultiVectorView rows, ReadOnlySpan<int> indexes, int wanted)
    {
        int[] labels = new int[indexes.Length];
        int groupCount = 0;
        foreach ((int start, int end, int share) in Divide(indexes.Length, wanted))
        {
            WardTree tree = WardTree.Build(new PaddedRows(rows, indexes[start..end]));
            groupCount += Place(tree.Cut(share), labels.AsSpan(start, end - start), groupCount);
        }

        return labels;
    }

    /// <summary>Runs of rows, each with its share of the clusters, at least one.</summary>
    public static IEnumerable<(int Start, int End, int Share)> Divide(int rowCount, int wanted)
    {
        int runCount = (rowCount + MaxRunRowCount - 1) / MaxRunRowCount;
        for (int run = 0; run < runCount; run++)
        {
            int start = (int)((long)rowCount * run / runCount);
            int end = (int)((long)rowCount * (run + 1) / runCount);
            yield return (start, end, (int)Math.Max(1, ((long)wanted * end / rowCount) - ((long)wanted * start / rowCount)));
        }
    }

    /// <summary>Copies the labels of a run, from <paramref name="first"/> on.</summary>
    /// <returns>How many clusters they are.</returns>
    public static int Place(ReadOnlySpan<int> labels, Span<int> target, int first)
    {
        int count = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            target[i] = first + labels[i];
            count = Math.Max(count, labels[i] + 1);
        }

        return count;
    }
}
