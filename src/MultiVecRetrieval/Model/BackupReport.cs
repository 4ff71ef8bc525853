namespace MultiVecRetrieval;

/// <summary>What a backup holds.</summary>
/// <param name="Generation">The generation that was copied.</param>
/// <param name="FileCount">Files.</param>
/// <param name="SizeInBytes">Their bytes.</param>
public sealed record BackupReport(long Generation, int FileCount, long SizeInBytes);
