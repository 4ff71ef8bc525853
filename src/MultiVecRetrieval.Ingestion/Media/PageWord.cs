using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A word of a page.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Place">Where it stands.</param>
internal readonly record struct PageWord(string Text, Place Place);
