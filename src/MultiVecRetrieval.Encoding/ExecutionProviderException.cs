namespace MultiVecRetrieval.Encoding;

/// <summary>An execution provider was asked for that cannot be loaded here.</summary>
/// <param name="provider">The provider asked for.</param>
/// <param name="missingLibrary">File name of the shared library that could not be loaded; null when the cause is another.</param>
/// <param name="reason">Why, and what would help.</param>
/// <param name="innerException">The error of the inference runtime.</param>
public class ExecutionProviderException(
    ExecutionProvider provider, string? missingLibrary, string reason, Exception? innerException = null)
    : Exception($"The execution provider {provider} cannot be used: {reason}", innerException)
{
    /// <summary>The provider asked for.</summary>
    public ExecutionProvider Provider { get; } = provider;

    /// <summary>File name of the shared library that could not be loaded; null when the cause is another.</summary>
    public string? MissingLibrary { get; } = missingLibrary;

    /// <summary>Why, and what would help.</summary>
    public string Reason { get; } = reason;
}
