namespace MultiVecRetrieval.Tests;

/// <summary>Counts what code allocates on the thread that runs it.</summary>
internal static class Allocations
{
    private const int MaxRunCount = 8;

    /// <summary>
    /// The fewest bytes that a run allocates, after a first one that fills pools and compiles. A collection, which other tests may cause at
    /// any time, empties pools: the run after it allocates, and the next one does not.
    /// </summary>
    public static long CountFewest(Action run)
    {
        run();
        long fewest = long.MaxValue;
        for (int i = 0; i < MaxRunCount && fewest > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
