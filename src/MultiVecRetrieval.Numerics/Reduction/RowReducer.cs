namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Makes fewer rows of an entry's rows: prunes, merges or orders them. Immutable and thread-safe; deterministic.</summary>
/// <param name="spec">As people write it, for instance <c>ward:3</c>.</param>
public abstract class RowReducer(string spec)
{
    /// <summary>As people write it: <c>name</c> or <c>name:argument</c>.</summary>
    public string Spec { get; } = spec;

    /// <summary>Reduces the rows of one entry.</summary>
    /// <param name="source">The rows with what is known of them.</param>
    /// <returns>At least one row when there was one.</returns>
    public abstract ReducedRows Reduce(ReductionSource source);
}
