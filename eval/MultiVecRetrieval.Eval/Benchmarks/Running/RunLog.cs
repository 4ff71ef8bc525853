using System.Diagnostics;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>Tells how far a run is: what happens at once, and progress every few seconds. Thread-safe.</summary>
/// <param name="write">Takes a line.</param>
internal sealed class RunLog(Action<string> write)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Says something.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            write(line);
        }
    }

    /// <summary>Says how far something is, unless that was said a moment ago.</summary>
    public void Progress(string line)
    {
        lock (_lock)
        {
            if (Stopwatch.GetElapsedTime(_last) >= Pause)
            {
                _last = Stopwatch.GetTimestamp();
                write(line);
            }
        }
    }
}
