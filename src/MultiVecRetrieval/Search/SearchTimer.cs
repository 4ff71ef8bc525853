using System.Diagnostics;

namespace MultiVecRetrieval.Search;

/// <summary>How long the stages of one search took; a stage that ran several times has the sum.</summary>
internal sealed class SearchTimer
{
    private readonly Dictionary<string, double> _milliseconds = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    public T Time<T>(string stage, Func<T> action)
    {
        using Activity? activity = Activities.StartStage(stage);
        long start = Stopwatch.GetTimestamp();
        T result = action();
        Add(stage, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }

    public void Time(string stage, Action action) => Time(stage, () =>
    {
        action();
        return true;
    });

    /// <summary>Adds the stages of a side.</summary>
    public void Add(string side, StageTimes times)
    {
        foreach ((string stage, double milliseconds) in times.Milliseconds)
        {
            _milliseconds[$"{side}/{stage}"] = milliseconds;
        }
    }

    /// <summary>Every stage, and <c>total</c> since the search began.</summary>
    public Dictionary<string, double> ToMilliseconds() =>
        new(_milliseconds) { ["total"] = Stopwatch.GetElapsedTime(_start).TotalMilliseconds };

    private void Add(string stage, double milliseconds) =>
        _milliseconds[stage] = _milliseconds.GetValueOrDefault(stage) + milliseconds;
}
