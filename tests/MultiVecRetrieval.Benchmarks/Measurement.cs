using System.Diagnostics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>One variant of an operation, timed in rounds.</summary>
/// <param name="name">What is shown.</param>
/// <param name="operationCount">Operations that one call of <paramref name="pass"/> does.</param>
/// <param name="pass">The work; single-threaded, so that processor time of the process is its own.</param>
/// <remarks>
/// Variants take turns within a round, so that other work on the machine hits all alike. Processor time leaves out what others
/// ran in between, though not what they did to the caches; wall time is what a user sees.
/// </remarks>
internal sealed class Measurement(string name, int operationCount, Action pass)
{
    private readonly List<double> _wallRates = [];
    private readonly List<double> _processorRates = [];
    private long _allocatedBytes;

    /// <summary>What is shown.</summary>
    public string Name { get; } = name;

    /// <summary>Operations per second of wall time, the median round.</summary>
    public double MedianRate => Median(_wallRates);

    /// <summary>Operations per second of processor time, the median round.</summary>
    public double MedianProcessorRate => Median(_processorRates);

    /// <summary>The slowest and the fastest round, operations per second of processor time.</summary>
    public (double Slowest, double Fastest) ProcessorSpread => (_processorRates.Min(), _processorRates.Max());

    /// <summary>Bytes allocated per operation over all timed rounds.</summary>
    public double AllocatedBytesPerOperation => (double)_allocatedBytes / (_wallRates.Count * (double)operationCount);

    /// <summary>Warms all up until the JIT has finished, then times them in turns.</summary>
    public static void RunInTurns(IReadOnlyList<Measurement> measurements, int roundCount)
    {
        foreach (Measurement measurement in measurements)
        {
            Stopwatch warmUp = Stopwatch.StartNew();
            do
            {
                measurement.Pass();
            }
            while (warmUp.ElapsedMilliseconds < 400);
        }

        Thread.Sleep(300); // the second tier is compiled in the background
        for (int round = 0; round < roundCount; round++)
        {
            foreach (Measurement measurement in measurements)
            {
                measurement.Pass();
                measurement.Time();
            }
        }
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void Pass() => pass();

    private void Time()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        pass();
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        processor = Environment.CpuUsage.TotalTime - processor;
        _allocatedBytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
        _wallRates.Add(operationCount / wall.TotalSeconds);
        _processorRates.Add(operationCount / processor.TotalSeconds);
    }
}
