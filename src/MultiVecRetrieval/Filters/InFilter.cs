using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>True where the field has one of the values; false without values.</summary>
/// <param name="Field">One of the fields named at <see cref="Filter"/>.</param>
/// <param name="Values">The values.</param>
public sealed record InFilter(string Field, IReadOnlyList<MetadataValue> Values) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => $"{FilterFields.Print(Field)} in ({string.Join(", ", Values.Select(FilterFields.Print))})";
}
