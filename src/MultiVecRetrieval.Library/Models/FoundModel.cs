using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Libraries.Models;

/// <summary>A folder that may be a model: its contract, or why it cannot be used.</summary>
internal sealed record FoundModel(string Folder, ModelContract? Contract, string? Problem);
