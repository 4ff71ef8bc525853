namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>A remote encoder gives vectors of another length than its folder declares: it is another model, or was asked wrongly.</summary>
/// <param name="endpoint">Its address.</param>
/// <param name="expected">What remote.json declares.</param>
/// <param name="actual">What came.</param>
public sealed class RemoteDimensionException(string endpoint, int expected, int actual)
    : RemoteEncoderException(
        endpoint, FormattableString.Invariant($"its vectors have {actual} values, {RemoteDescription.FileName} declares {expected}."))
{
    /// <summary>What remote.json declares.</summary>
    public int Expected { get; } = expected;

    /// <summary>What came.</summary>
    public int Actual { get; } = actual;
}
