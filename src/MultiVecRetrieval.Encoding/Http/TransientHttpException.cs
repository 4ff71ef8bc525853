using System.Net;

namespace MultiVecRetrieval.Encoding.Http;

/// <summary>A request that may succeed when it is repeated: the connection was cut, the server was busy, or nothing came for too
/// long.</summary>
/// <param name="message">What happened.</param>
/// <param name="status">The status of the answer; null when there was none.</param>
/// <param name="retryAfter">How long the server asks to wait; null when it says nothing.</param>
/// <param name="innerException">The cause.</param>
internal sealed class TransientHttpException(
    string message, HttpStatusCode? status = null, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public HttpStatusCode? Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
