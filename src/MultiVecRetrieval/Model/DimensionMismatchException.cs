namespace MultiVecRetrieval;

/// <summary>Rows have another length than their space.</summary>
/// <param name="space">The name of the space.</param>
/// <param name="expected">The d of the space.</param>
/// <param name="actual">The d of the rows.</param>
public sealed class DimensionMismatchException(string space, int expected, int actual)
    : Exception($"Space '{space}' holds rows of {expected} values; the query, document or codec brings rows of {actual}.")
{
    /// <summary>The name of the space.</summary>
    public string Space { get; } = space;

    /// <summary>The d of the space.</summary>
    public int Expected { get; } = expected;

    /// <summary>The d of the rows.</summary>
    public int Actual { get; } = actual;
}
