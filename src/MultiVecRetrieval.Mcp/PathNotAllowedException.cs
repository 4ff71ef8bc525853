namespace MultiVecRetrieval.Mcp;

/// <summary>A path may not be indexed.</summary>
/// <param name="message">A sentence for people.</param>
/// <param name="isForbidden">True where a setting forbids it; false where the path itself is wrong.</param>
public sealed class PathNotAllowedException(string message, bool isForbidden) : Exception(message)
{
    /// <summary>True where a setting forbids it; false where the path itself is wrong.</summary>
    public bool IsForbidden { get; } = isForbidden;
}
