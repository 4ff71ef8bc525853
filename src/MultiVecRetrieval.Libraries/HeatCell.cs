using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A place of an entry and how similar it is to what is asked for.</summary>
/// <param name="Place">The place.</param>
/// <param name="Similarity">The largest inner product of the row with a row of the question.</param>
/// <param name="Label">What that row of the question stands for: a word, or the whole text.</param>
public sealed record HeatCell(Place Place, float Similarity, string Label);
