using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>One retrieval task of a benchmark: what is ranked, what is asked and what answers it.</summary>
internal sealed record BenchmarkTask
{
    /// <summary>Its name, as the benchmark calls it; names files.</summary>
    public required string Name { get; init; }

    /// <summary>The split that is scored. Default <c>test</c>.</summary>
    public string Split { get; init; } = "test";

    /// <summary>The subset, where a task has several; else <c>default</c>.</summary>
    public string Subset { get; init; } = "default";

    /// <summary>Languages of the subset, as the benchmark writes them (<c>eng-Latn</c>).</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Reads the corpus from its files, item by item; called anew by each that needs it.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<CorpusItem>> Corpus { get; init; }

    /// <summary>The questions.</summary>
    public required IReadOnlyList<BenchmarkQuery> Queries { get; init; }

    /// <summary>Which items answer which question, and how well. Empty where a test set keeps them back.</summary>
    public required Judgements Judgements { get; init; }

    /// <summary>Names of the measures that the benchmark reports, the main one first.</summary>
    public required IReadOnlyList<string> Measures { get; init; }

    /// <summary>How many items are ranked for a question. Default 1,000, as mteb keeps.</summary>
    public int Depth { get; init; } = 1000;

    /// <summary>True where texts are ranked for pictures, which only a model's own vectors can do.</summary>
    public bool NeedsModelVectors { get; init; }

    /// <summary>Writes what the benchmark's own server or script takes, into a folder; null where that is the run alone.</summary>
    public Action<RankedRun, string>? WriteSubmission { get; init; }

    /// <summary>Writes the vectors of items and questions as the benchmark's scripts read them; null where they read none. Only a run by a
    /// model has them.</summary>
    public Func<VectorIndex, string, CancellationToken, Task>? WriteVectors { get; init; }

    /// <summary>Scores that the measures by name cannot say; null where there are none.</summary>
    public Func<RankedRun, IReadOnlyList<SpecialScore>>? Special { get; init; }

    /// <summary>Its name and subset, for files and people.</summary>
    public string FullName => Subset == "default" ? Name : $"{Name}.{Subset}";
}
