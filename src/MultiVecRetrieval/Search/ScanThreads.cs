namespace MultiVecRetrieval.Search;

/// <summary>Shares work items between threads.</summary>
internal static class ScanThreads
{
    public static void Run(int count, int threads, Action<int> body, CancellationToken cancellationToken)
    {
        if (threads > 1 && count > 1)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, body);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            body(i);
        }
    }
}
