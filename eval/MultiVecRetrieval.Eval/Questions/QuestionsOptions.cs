namespace MultiVecRetrieval.Eval.Questions;

/// <summary>How the suite of questions runs.</summary>
internal sealed record QuestionsOptions
{
    /// <summary>Folder for downloads and the collection.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Folder of <c>*.jsonl</c> files of questions.</summary>
    public required string QuestionsFolder { get; init; }

    /// <summary>Folders that hold model folders, before the bundled ones.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];

    /// <summary>Models of the collection.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Known items to ask for beside the questions.</summary>
    public int KnownItemCount { get; init; } = 200;

    /// <summary>Search the collection of an earlier run.</summary>
    public bool KeepCollection { get; init; }

    /// <summary>File to which the first ten of every question are written, for reading.</summary>
    public string? DetailsFile { get; init; }
}
