namespace MultiVecRetrieval;

/// <summary>The values of a field and how many entries have each.</summary>
/// <param name="Field">The field, as it was asked for.</param>
/// <param name="Values">The most frequent values, at most as many as were asked for; equal counts in the order of the values.</param>
/// <param name="OtherCount">How many further values there are.</param>
public sealed record Facet(string Field, IReadOnlyList<FacetValue> Values, long OtherCount);
