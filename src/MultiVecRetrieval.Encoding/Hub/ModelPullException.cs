using System.Net;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>A model could not be fetched.</summary>
/// <param name="repository">The repository.</param>
/// <param name="reason">Why, and what helps.</param>
/// <param name="status">The status that the hub answered with; null when it answered none.</param>
/// <param name="innerException">The cause, if another error led here.</param>
public sealed class ModelPullException(
    string repository, string reason, HttpStatusCode? status = null, Exception? innerException = null)
    : Exception($"The model {repository} cannot be fetched: {reason}", innerException)
{
    /// <summary>The repository, <c>owner/name</c>.</summary>
    public string Repository { get; } = repository;

    /// <summary>Why, and what helps.</summary>
    public string Reason { get; } = reason;

    /// <summary>The status that the hub answered with; null when it answered none.</summary>
    public HttpStatusCode? Status { get; } = status;
}
