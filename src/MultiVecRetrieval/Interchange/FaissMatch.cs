namespace MultiVecRetrieval.Interchange;

/// <summary>A vector that a search of a FAISS index found.</summary>
/// <param name="Index">Its position in the index.</param>
/// <param name="Value">The inner product or the squared distance.</param>
public readonly record struct FaissMatch(int Index, float Value);
