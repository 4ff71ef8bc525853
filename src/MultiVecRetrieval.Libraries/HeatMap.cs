namespace MultiVecRetrieval;

/// <summary>How similar each place of an entry is to a question, in one space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Cells">One per row of the entry, and per place of a merged row.</param>
/// <param name="Presence">Similarity from which the model takes what is asked for to be there; null when it has none.</param>
/// <param name="PresenceWidth">How far above <paramref name="Presence"/> that is nearly certain.</param>
public sealed record HeatMap(string Space, IReadOnlyList<HeatCell> Cells, double? Presence, double PresenceWidth);
