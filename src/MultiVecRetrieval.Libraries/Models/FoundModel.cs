using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval;

/// <summary>A folder that may be a model.</summary>
/// <param name="Folder">Its path.</param>
/// <param name="Contract">What it encodes, and how; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
public sealed record FoundModel(string Folder, ModelContract? Contract, string? Problem);
