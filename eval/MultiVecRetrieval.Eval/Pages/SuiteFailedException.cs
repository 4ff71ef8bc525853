
namespace MultiVecRetrieval.Eval.Pages;

/// <summary>Documents of a suite could not be indexed, so its figures would not be about what they claim.</summary>
public sealed class SuiteFailedException(IReadOnlyList<FailedFile> failed)
    : Exception($"{failed.Count} files could not be indexed: {string.Join("; ", failed.Take(5).Select(file => $"{file.Path} ({file.Reason})"))}.")
{
    /// <summary>The files and why.</summary>
    public IReadOnlyList<FailedFile> Failed { get; } = failed;
}
