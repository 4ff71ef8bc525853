using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Merges rows by Ward's hierarchical clustering.</summary>
internal sealed class WardReducer : RowReducer
{
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
        int[] owners = new int[rowCount];
        int groupCount = 0;
        foreach ((int start, int end, int share) in WardClusters.Divide(rowCount, _budget.Count(rowCount)))
        {
            MultiVectorView run = new(
                source.Rows.Dimension, source.Rows.Values[(start * source.Rows.Dimension)..(end * source.Rows.Dimension)]);
            groupCount += WardClusters.Place(Cluster(run, share), owners.AsSpan(start, end - start), groupCount);
        }

        return RowGroups.Merge(source, owners, groupCount);
    }

    // A budget caps what a distance leaves.
    private int[] Cluster(MultiVectorView run, int wanted)
    {
        WardTree tree = WardTree.Build(_clustersSimilarities ? ClusterRows.OfSimilarities(run) : new PaddedRows(run));
        return tree.Cut(_distance is { } distance ? Math.Min(wanted, tree.CountAt(distance)) : wanted);
    }
}
