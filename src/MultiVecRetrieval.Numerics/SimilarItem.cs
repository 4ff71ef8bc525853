namespace MultiVecRetrieval.Numerics;

/// <summary>An item and how near it is to another one.</summary>
/// <param name="Item">Its number.</param>
/// <param name="Similarity">Higher is nearer.</param>
public readonly record struct SimilarItem(int Item, double Similarity);
