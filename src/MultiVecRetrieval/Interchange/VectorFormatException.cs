namespace MultiVecRetrieval.Interchange;

/// <summary>A file of vectors that is damaged, or of a kind that is not read.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong: what was expected, and what was found.</param>
public sealed class VectorFormatException(string path, string reason) : Exception($"{path} holds no vectors that can be read: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;
}
