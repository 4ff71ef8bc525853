using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>What matched: a query row or word, where, and how well.</summary>
/// <param name="Label">The word or label of the query row; empty when it has none.</param>
/// <param name="Similarity">Inner product of the rows; 1 for a word of the text; 1 - distance/64 for a fingerprint.</param>
/// <param name="Place">Where in the entry.</param>
/// <param name="Source">The side, named as in <see cref="HitSource.Name"/>.</param>
public sealed record HitMatch(string Label, double Similarity, Place Place, string Source);
