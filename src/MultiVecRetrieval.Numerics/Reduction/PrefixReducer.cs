namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The first rows stay; of use after an ordering.</summary>
internal sealed class PrefixReducer(string spec, int count) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        bool[] isKept = new bool[source.Rows.RowCount];
        isKept.AsSpan(0, Math.Min(count, isKept.Length)).Fill(true);
        return RowGroups.Keep(source, isKept);
    }
}
