namespace MultiVecRetrieval.Cluster;

/// <summary>How far a push, a pull or a check is.</summary>
/// <param name="File">What is read or written now.</param>
/// <param name="BytesDone">Bytes that are done.</param>
/// <param name="BytesTotal">Bytes of all.</param>
public sealed record CopyProgress(string File, long BytesDone, long BytesTotal);
