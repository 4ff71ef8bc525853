namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A value of a field.</summary>
/// <param name="Value">A text, a number or a truth value; of a date its year as text.</param>
/// <param name="Count">Entries that have it.</param>
/// <param name="Filter">The filter that leaves them.</param>
public sealed record FacetValueBody(object Value, long Count, string Filter);
