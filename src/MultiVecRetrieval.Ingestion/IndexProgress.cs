namespace MultiVecRetrieval;

/// <summary>How far indexing is; reported about ten times a second at most, and once at the end.</summary>
public sealed record IndexProgress
{
    /// <summary>Files dealt with: indexed, unchanged, renamed, excluded or failed.</summary>
    public long FilesDone { get; init; }

    /// <summary>Files that the walk saw.</summary>
    public long FilesTotal { get; init; }

    /// <summary>Images, pages and videos encoded or copied so far.</summary>
    public long EntriesDone { get; init; }

    /// <summary>Images, pages and videos of this run; null until every file was looked at.</summary>
    public long? EntriesTotal { get; init; }

    /// <summary>Files that failed in this run.</summary>
    public long FilesFailed { get; init; }

    /// <summary>Key of the file that was worked on last.</summary>
    public string? CurrentFile { get; init; }

    /// <summary>Images, pages and videos a second over the last half minute.</summary>
    public double EntriesPerSecond { get; init; }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Expected time to the end; null while it cannot be told.</summary>
    public TimeSpan? Remaining { get; init; }
}
