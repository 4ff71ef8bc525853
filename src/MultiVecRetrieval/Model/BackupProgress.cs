namespace MultiVecRetrieval;

/// <summary>How far a backup or its restoration is.</summary>
/// <param name="File">What is read or written now.</param>
/// <param name="BytesDone">Bytes of files before it.</param>
/// <param name="BytesTotal">Bytes of all files; null where nobody knows.</param>
public sealed record BackupProgress(string File, long BytesDone, long? BytesTotal);
