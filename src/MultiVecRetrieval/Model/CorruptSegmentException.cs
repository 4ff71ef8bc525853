namespace MultiVecRetrieval;

/// <summary>A segment file does not hold what it must.</summary>
/// <param name="path">The file.</param>
/// <param name="offset">The byte where it is wrong.</param>
/// <param name="expected">What had to be there.</param>
/// <param name="actual">What is there.</param>
public sealed class CorruptSegmentException(string path, long offset, string expected, string actual)
    : Exception($"{path} is corrupt at byte {offset}: expected {expected}, found {actual}.")
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
