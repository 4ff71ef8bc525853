namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>A control: of rows that lie together the middle one stays; see <see cref="PlaceGroups"/>.</summary>
internal sealed class GridReducer(string spec, int factor) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        bool[] isKept = new bool[source.Rows.RowCount];
        foreach (int row in PlaceGroups.FindMiddles(source, PlaceGroups.Build(source, factor)))
        {
            isKept[row] = true;
        }

        return RowGroups.Keep(source, isKept);
    }
}
