using System.Diagnostics;

namespace MultiVecRetrieval.Search;

/// <summary>How long the stages of a search of one side took. For one thread.</summary>
internal sealed class StageTimes
{
    private readonly Dictionary<string, double> _milliseconds = [];

    /// <summary>Milliseconds by stage; a stage that came several times has all of them.</summary>
    public IReadOnlyDictionary<string, double> Milliseconds => _milliseconds;

    /// <summary>Adds the time since <paramref name="start"/>, and returns what the next stage starts with.</summary>
    public long Add(string stage, long start)
    {
        long end = Stopwatch.GetTimestamp();
        _milliseconds[stage] = _milliseconds.GetValueOrDefault(stage) + Stopwatch.GetElapsedTime(start, end).TotalMilliseconds;
        return end;
    }
}
