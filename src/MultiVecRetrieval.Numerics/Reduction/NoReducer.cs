namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Every row stays.</summary>
internal sealed class NoReducer(string spec) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source) => RowGroups.KeepAll(source);
}
