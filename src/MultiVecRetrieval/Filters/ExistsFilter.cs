using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>True where the field has a value.</summary>
/// <param name="Field">One of the fields named at <see cref="Filter"/>.</param>
public sealed record ExistsFilter(string Field) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => $"{FilterFields.Print(Field)} exists";
}
