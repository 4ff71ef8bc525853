using System.Net;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>A remote reranker gave no scores, or none that can be used.</summary>
public sealed class RemoteRerankerException : RemoteEncoderException
{
    internal RemoteRerankerException(
        string endpoint, string reason, HttpStatusCode? status = null, bool isOfInput = false, Exception? innerException = null)
        : base($"The reranker at {endpoint} gave no scores: {reason}", endpoint, reason, status, isOfInput, innerException)
    {
    }
}
