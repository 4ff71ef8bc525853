namespace MultiVecRetrieval;

/// <summary>The catalog database could not be read or written.</summary>
/// <param name="path">The database file.</param>
/// <param name="reason">What went wrong.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class CatalogException(string path, string reason, Exception? innerException = null)
    : Exception($"{path}: {reason}", innerException)
{
    /// <summary>The database file.</summary>
    public string Path { get; } = path;

    /// <summary>What went wrong.</summary>
    public string Reason { get; } = reason;
}
