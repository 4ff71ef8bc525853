namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>A control: rows that lie together become their mean; see <see cref="PlaceGroups"/>.</summary>
internal sealed class AverageReducer(string spec, int factor) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        int[] owners = PlaceGroups.Build(source, factor);
        return RowGroups.Merge(source, owners, owners.Max() + 1);
    }
}
