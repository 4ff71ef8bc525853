namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Merges rows by Ward's hierarchical clustering.</summary>
internal sealed class WardReducer : RowReducer
{
    // The matrix of a longer entry would take more than 64 MB; its rows are clustered in runs of this many.
    internal const int MaxRunRowCount = 4096;

    private readonly RowBudget _budget;
    private readonly double? _distance;
    private readonly bool _clustersSimilarities;

    public WardReducer(string spec, ReductionArguments arguments, bool clustersSimilarities)
        : base(spec)
    {
        _clustersSimilarities = clustersSimilarities;
        if (arguments.Has("distance"))
        {
            _distance = arguments.TakeNumber("distance", 0, double.MaxValue);
        }

        _budget = _distance is null || arguments.Has() || arguments.Has("max") ? arguments.TakeBudget() : new RowBudget(1, 0, int.MaxValue);
    }

    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        int rowCount = source.Rows.RowCount;
        int wanted = _budget.Count(rowCount);
        int[] owners = new int[rowCount];
        int groupCount = 0;
        int runCount = (rowCount + MaxRunRowCount - 1) / MaxRunRowCount;
        for (int run = 0; run < runCount; run++)
        {
            int start = (int)((long)rowCount * run / runCount);
            int end = (int)((long)rowCount * (run + 1) / runCount);
            int share = (int)Math.Max(1, ((long)wanted * end / rowCount) - ((long)wanted * start / rowCount));
            groupCount += Cluster(source.Rows, start, owners.AsSpan(start, end - start), share, groupCount);
        }

        return RowGroups.Merge(source, owners, groupCount);
    }

    private int Cluster(MultiVectorView rows, int start, Span<int> owners, int wanted, int firstGroup)
    {
        MultiVectorView run = new(rows.Dimension, rows.Values.Slice(start * rows.Dimension, owners.Length * rows.Dimension));
        WardTree tree = WardTree.Build(_clustersSimilarities ? ClusterRows.OfSimilarities(run) : new PaddedRows(run));
        int[] labels = tree.Cut(wanted);
        if (_distance is { } distance)
        {
            // A budget caps what the distance leaves.
            labels = tree.CutAt(distance, minimum: 1);
            if (_budget.Count(owners.Length) < owners.Length && labels.Max() + 1 > wanted)
            {
                labels = tree.Cut(wanted);
            }
        }

        for (int i = 0; i < owners.Length; i++)
        {
            owners[i] = firstGroup + labels[i];
        }

        return labels.Max() + 1;
    }
}
