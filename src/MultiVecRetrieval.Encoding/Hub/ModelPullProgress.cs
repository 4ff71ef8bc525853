namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>How far a model is fetched.</summary>
/// <param name="File">The file that is being fetched, copied or checked.</param>
/// <param name="FilesDone">Files that are there and checked.</param>
/// <param name="FilesTotal">Files that are known to be needed; graphs may name more.</param>
/// <param name="BytesDone">Bytes that are there.</param>
/// <param name="BytesTotal">Bytes of the files that are known to be needed.</param>
public sealed record ModelPullProgress(string File, int FilesDone, int FilesTotal, long BytesDone, long BytesTotal);
