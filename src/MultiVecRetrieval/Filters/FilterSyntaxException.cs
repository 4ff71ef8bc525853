namespace MultiVecRetrieval;

/// <summary>A filter expression cannot be understood.</summary>
/// <param name="position">Where, as an index into the expression, from 0.</param>
/// <param name="expected">What could have stood there.</param>
/// <param name="found">What stands there.</param>
public sealed class FilterSyntaxException(int position, string expected, string found)
    : Exception($"Filter, position {position}: expected {expected}, found {found}.")
{
    /// <summary>Where, as an index into the expression, from 0.</summary>
    public int Position { get; } = position;

    /// <summary>What could have stood there.</summary>
    public string Expected { get; } = expected;

    /// <summary>What stands there.</summary>
    public string Found { get; } = found;
}
