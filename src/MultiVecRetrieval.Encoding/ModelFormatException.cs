namespace MultiVecRetrieval.Encoding;

/// <summary>A folder that cannot be used as a model.</summary>
/// <param name="folder">The model folder.</param>
/// <param name="reason">What is missing or contradictory, and in which file.</param>
/// <param name="innerException">The cause, if another error led here.</param>
public class ModelFormatException(string folder, string reason, Exception? innerException = null)
    : Exception($"{folder} cannot be used as a model: {reason}", innerException)
{
    /// <summary>The model folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>What is missing or contradictory, and in which file.</summary>
    public string Reason { get; } = reason;
}
