namespace MultiVecRetrieval.Interchange;

/// <summary>An entry whose rows come from a file.</summary>
/// <param name="Key">Its key, and that of its document.</param>
/// <param name="Values">[rows × d].</param>
internal sealed record ImportedEntry(string Key, float[] Values);
