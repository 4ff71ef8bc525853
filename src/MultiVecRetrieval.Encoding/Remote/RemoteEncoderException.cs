using System.Net;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>A remote encoder gave no vectors, or none that can be used.</summary>
public class RemoteEncoderException : Exception
{
    /// <param name="endpoint">Its address.</param>
    /// <param name="reason">What happened, and what helps.</param>
    /// <param name="status">The status that it answered with; null when it answered none.</param>
    /// <param name="isOfInput">True when another input may do.</param>
    /// <param name="innerException">The cause, if another error led here.</param>
    public RemoteEncoderException(
        string endpoint, string reason, HttpStatusCode? status = null, bool isOfInput = false, Exception? innerException = null)
        : this($"The encoder at {endpoint} gave no vectors: {reason}", endpoint, reason, status, isOfInput, innerException)
    {
    }

    private protected RemoteEncoderException(
        string message, string endpoint, string reason, HttpStatusCode? status, bool isOfInput, Exception? innerException)
        : base(message, innerException) =>
        (Endpoint, Reason, Status, IsOfInput) = (endpoint, reason, status, isOfInput);

    /// <summary>Its address, without a key.</summary>
    public string Endpoint { get; }

    /// <summary>What happened, and what helps.</summary>
    public string Reason { get; }

    /// <summary>The status that it answered with; null when it answered none.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>True when it refused this input, so that another may do; false when it can be used for none.</summary>
    public bool IsOfInput { get; }
}
