namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>How a benchmark is run.</summary>
internal sealed record RunOptions
{
    /// <summary>Names or folders of models; none for the default ones.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Folders that hold model folders, before the bundled ones.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];

    /// <summary>Compare the vectors of one model instead of searching a library.</summary>
    public bool ByModel { get; init; }

    /// <summary>The sides that answer, of a library.</summary>
    public SearchSide Using { get; init; } = SearchSide.Vectors;

    /// <summary>How a picture and words become one question, of a library.</summary>
    public QueryCombination Combine { get; init; } = QueryCombination.Auto;

    /// <summary>Score every row instead of searching by tiers.</summary>
    public bool IsExact { get; init; }

    /// <summary>Recognise the text of pages and pictures; full text needs it.</summary>
    public bool RecognizesText { get; init; }

    /// <summary>Ask only the first questions of a task; null for all.</summary>
    public int? QueryLimit { get; init; }

    /// <summary>What tells runs apart that may not be mixed.</summary>
    public string Describe() =>
        $"by {(ByModel ? "model" : $"library, {Using.ToString().ToLowerInvariant()}, {Combine.ToString().ToLowerInvariant()}")}"
        + $"{(IsExact ? ", exact" : "")}{(RecognizesText ? ", with recognised text" : "")}; "
        + $"{(Models.Count == 0 ? "default models" : string.Join(", ", Models))}";
}
