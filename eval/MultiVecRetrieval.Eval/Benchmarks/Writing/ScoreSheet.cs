namespace MultiVecRetrieval.Eval.Benchmarks.Writing;

/// <summary>The scores of a run, as its folder keeps them.</summary>
internal sealed record ScoreSheet
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>The subset.</summary>
    public required string Subset { get; init; }

    /// <summary>The split.</summary>
    public required string Split { get; init; }

    /// <summary>What answered.</summary>
    public required string System { get; init; }

    /// <summary>Questions that were asked.</summary>
    public int Queries { get; init; }

    /// <summary>Half of the answers took at most so long.</summary>
    public double MedianMs { get; init; }

    /// <summary>Items of the corpus that could not be taken in.</summary>
    public int LeftOut { get; init; }

    /// <summary>The measures, the main one first; none where the judgements are kept back.</summary>
    public required IReadOnlyList<MeasureScore> Measures { get; init; }
}
