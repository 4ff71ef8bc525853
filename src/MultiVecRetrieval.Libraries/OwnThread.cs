namespace MultiVecRetrieval.Libraries;

/// <summary>Work of seconds to hours, on a thread of its own, so that no thread of the pool is held meanwhile.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
