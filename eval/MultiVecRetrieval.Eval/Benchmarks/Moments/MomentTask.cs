namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>A benchmark of moments in videos.</summary>
internal sealed record MomentTask
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The split.</summary>
    public required string Split { get; init; }

    /// <summary>Paths of the videos by id.</summary>
    public required IReadOnlyDictionary<string, string> Videos { get; init; }

    /// <summary>The questions.</summary>
    public required IReadOnlyList<MomentQuery> Queries { get; init; }

    /// <summary>Scores answers, by name and question.</summary>
    public required Func<IReadOnlyList<MomentQuery>, IReadOnlyDictionary<string, MomentPrediction>,
        IReadOnlyList<SpecialScore>> Score
    { get; init; }
}
