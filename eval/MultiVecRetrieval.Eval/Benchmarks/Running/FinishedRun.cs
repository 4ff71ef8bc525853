using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>A task that was run to its end.</summary>
/// <param name="Task">The task, with the questions that were asked.</param>
/// <param name="Run">What was answered.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="System">What answered, for people.</param>
internal sealed record FinishedRun(BenchmarkTask Task, RankedRun Run, string Folder, string System)
{
    /// <summary>Time of this run; of one that went on, without what came before.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Half of the answers took at most so long.</summary>
    public double MedianMs { get; init; }

    /// <summary>Items that could not be taken in, with the reason.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The measures of the benchmark; none where its judgements are kept back.</summary>
    public IReadOnlyList<MeasuredRun> Measure() => Task.Judgements.QueryIds.Count == 0
        ? []
        : MeasuredRun.Compute(Run, Task.Judgements, Metrics.Measure.ParseAll(Task.Measures));
}
