using System.Net;

namespace MultiVecRetrieval;

/// <summary>The endpoint that answers questions gave no answer, or none that can be used. Messages never hold its key.</summary>
/// <param name="endpoint">Its address, without a query string.</param>
/// <param name="reason">What happened, and what helps.</param>
/// <param name="status">The status that it answered with; null when it answered none.</param>
/// <param name="innerException">The cause, if another error led here.</param>
public sealed class AnswerEndpointException(
    string endpoint, string reason, HttpStatusCode? status = null, Exception? innerException = null)
    : Exception($"The model at {endpoint} gave no answer: {reason}", innerException)
{
    /// <summary>Its address, without a query string.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>What happened, and what helps.</summary>
    public string Reason { get; } = reason;

    /// <summary>The status that it answered with; null when it answered none.</summary>
    public HttpStatusCode? Status { get; } = status;
}
