namespace MultiVecRetrieval;

/// <summary>The process that writes a collection, as it told of itself.</summary>
/// <param name="ProcessId">Its id on its machine.</param>
/// <param name="Command">The program and its first word, for instance <c>mvr serve</c>.</param>
/// <param name="Since">When it took the lock.</param>
public sealed record LockOwner(int ProcessId, string Command, DateTimeOffset Since);
