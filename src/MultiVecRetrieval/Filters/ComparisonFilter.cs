using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>Compares a field with a value.</summary>
/// <param name="Field">One of the fields named at <see cref="Filter"/>.</param>
/// <param name="Comparison">How.</param>
/// <param name="Value">With what.</param>
public sealed record ComparisonFilter(string Field, Comparison Comparison, MetadataValue Value) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => $"{FilterFields.Print(Field)} {FilterFields.Print(Comparison)} {FilterFields.Print(Value)}";
}
