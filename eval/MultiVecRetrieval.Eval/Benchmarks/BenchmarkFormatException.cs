namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>The files of a benchmark are not as its layout says.</summary>
/// <param name="path">The file or folder.</param>
/// <param name="expected">What the layout has there.</param>
/// <param name="actual">What was found.</param>
public sealed class BenchmarkFormatException(string path, string expected, string actual)
    : Exception($"{path}: expected {expected}, found {actual}.")
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;
}
