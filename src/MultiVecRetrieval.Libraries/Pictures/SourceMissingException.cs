namespace MultiVecRetrieval;

/// <summary>The file of an entry is gone, or is no longer the one that was indexed.</summary>
/// <param name="path">Where the file was; null for a document without a file.</param>
/// <param name="reason">What is wrong with it.</param>
public sealed class SourceMissingException(string? path, string reason)
    : Exception($"{path ?? "The document's file"} {reason}")
{
    /// <summary>Where the file was, or null.</summary>
    public string? Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
