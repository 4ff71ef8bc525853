namespace MultiVecRetrieval.Cluster;

/// <summary>What was removed from a store of copies.</summary>
/// <param name="CopyCount">Copies.</param>
/// <param name="BlockCount">Blocks that no copy is made of.</param>
/// <param name="FreedBytes">Bytes of these.</param>
public sealed record CollectReport(int CopyCount, int BlockCount, long FreedBytes);
