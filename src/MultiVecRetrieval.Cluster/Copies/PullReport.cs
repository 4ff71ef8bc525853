namespace MultiVecRetrieval.Cluster;

/// <summary>What a pull made.</summary>
/// <param name="Copy">The copy.</param>
/// <param name="Generation">The generation that the collection had.</param>
/// <param name="FileCount">Its files.</param>
/// <param name="SizeInBytes">Their bytes.</param>
/// <param name="FetchedBytes">Bytes that came from the store; the rest was there from a pull that stopped.</param>
public sealed record PullReport(CopyInfo Copy, long Generation, int FileCount, long SizeInBytes, long FetchedBytes);
