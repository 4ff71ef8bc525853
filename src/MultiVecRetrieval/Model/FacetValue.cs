namespace MultiVecRetrieval;

/// <summary>A value of a field.</summary>
/// <param name="Value">The value; of a date its year.</param>
/// <param name="Count">Entries that have it.</param>
/// <param name="Filter">The condition that leaves those entries.</param>
public sealed record FacetValue(MetadataValue Value, long Count, Filter Filter);
