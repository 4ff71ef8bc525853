namespace MultiVecRetrieval.Cluster;

/// <summary>What a check of the copies of a store found.</summary>
/// <param name="CopyCount">Copies.</param>
/// <param name="BlockCount">Different blocks that they are made of.</param>
/// <param name="SizeInBytes">Bytes of these.</param>
/// <param name="Problems">One sentence for each copy that cannot be pulled, and each block of it that is missing or damaged.</param>
public sealed record CopyCheck(int CopyCount, int BlockCount, long SizeInBytes, IReadOnlyList<string> Problems);
