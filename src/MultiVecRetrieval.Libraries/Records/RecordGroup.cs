namespace MultiVecRetrieval;

/// <summary>Results that have one value in a field.</summary>
/// <param name="Value">The value.</param>
/// <param name="Hits">The results, best first.</param>
public sealed record RecordGroup(MetadataValue Value, IReadOnlyList<RecordHit> Hits);
