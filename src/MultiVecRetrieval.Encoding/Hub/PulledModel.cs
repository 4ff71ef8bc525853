namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>A model that was fetched.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Repository">Where it came from, <c>owner/name</c>.</param>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Files">Its files, relative to the folder.</param>
/// <param name="WasThere">True when it had been fetched before and nothing was done.</param>
/// <param name="Contract">What it encodes; null when the folder cannot be used as it is.</param>
/// <param name="Problem">Why the folder cannot be used; null when it can.</param>
public sealed record PulledModel(
    string Folder, string Repository, string Commit, IReadOnlyList<string> Files, bool WasThere, ModelContract? Contract, string? Problem);
