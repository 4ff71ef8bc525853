namespace MultiVecRetrieval.Cluster;

/// <summary>What a push stored.</summary>
/// <param name="Copy">The copy.</param>
/// <param name="Generation">The generation of the collection.</param>
/// <param name="FileCount">Its files.</param>
/// <param name="SizeInBytes">Their bytes.</param>
/// <param name="SentBytes">Bytes of those blocks that the store did not have.</param>
public sealed record PushReport(CopyInfo Copy, long Generation, int FileCount, long SizeInBytes, long SentBytes);
