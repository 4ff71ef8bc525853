using System.Net;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>A remote encoder gave no vectors, or none that can be used.</summary>
/// <param name="endpoint">Its address.</param>
/// <param name="reason">What happened, and what helps.</param>
/// <param name="status">The status that it answered with; null when it answered none.</param>
/// <param name="isOfInput">True when another input may do.</param>
/// <param name="innerException">The cause, if another error led here.</param>
public class RemoteEncoderException(
    string endpoint, string reason, HttpStatusCode? status = null, bool isOfInput = false, Exception? innerException = null)
    : Exception($"The encoder at {endpoint} gave no vectors: {reason}", innerException)
{
    /// <summary>Its address, without a key.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>What happened, and what helps.</summary>
    public string Reason { get; } = reason;

    /// <summary>The status that it answered with; null when it answered none.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>True when it refused this input, so that another may do; false when it can be used for none.</summary>
    public bool IsOfInput { get; } = isOfInput;
}
