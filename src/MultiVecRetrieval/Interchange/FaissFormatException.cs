namespace MultiVecRetrieval.Interchange;

/// <summary>A FAISS index file does not hold what it must, or is of a kind that this build does not read.</summary>
/// <param name="path">The file.</param>
/// <param name="offset">The byte where it is wrong.</param>
/// <param name="expected">What had to be there.</param>
/// <param name="actual">What is there.</param>
public sealed class FaissFormatException(string path, long offset, string expected, string actual)
    : Exception($"{path} is no FAISS index that can be read, at byte {offset}: expected {expected}, found {actual}.")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The byte where it is wrong.</summary>
    public long Offset { get; } = offset;

    /// <summary>What had to be there.</summary>
    public string Expected { get; } = expected;

    /// <summary>What is there.</summary>
    public string Actual { get; } = actual;
}
