namespace MultiVecRetrieval.Numerics;

/// <summary>Items that are all near one of them.</summary>
/// <param name="Leader">The item that the others are near to.</param>
/// <param name="Members">The others, nearest first.</param>
public sealed record SimilarGroup(int Leader, IReadOnlyList<SimilarItem> Members);
