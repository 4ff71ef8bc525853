namespace MultiVecRetrieval;

/// <summary>What names a file in the ledger of sources.</summary>
/// <param name="Root">Absolute path of the indexed root.</param>
/// <param name="Path">Path relative to <paramref name="Root"/>, with '/' between folders.</param>
public sealed record SourceKey(string Root, string Path);
