namespace MultiVecRetrieval;

/// <summary>How far indexing is; reported about ten times a second at most, and once at the end.</summary>
public sealed record IndexProgress
{
    /// <summary>Files dealt with: indexed, unchanged, renamed, excluded or failed.</summary>
    public long FilesDone { get; init; }

    /// <summary>Files that the walk saw.</summary>
    public long FilesTotal { get; init; }

    /// <summary>Entries (images, pages, videos, sections of texts) encoded or copied so far.</summary>
    public long EntriesDone { get; init; }

    /// <summary>Entries of this run; null until every file was looked at.</summary>
    public long? EntriesTotal { get; init; }

    /// <summary>Scanned pages, and pictures of text, whose words were recognised so far. They are entries already: this is the second pass,
    /// at the end of the run.</summary>
    public long PagesRecognized { get; init; }

    /// <summary>Pages and pictures of the second pass; 0 until it begins.</summary>
    public long PagesToRecognize { get; init; }

    /// <summary>Office documents whose pages were drawn so far, or could not be. They are found by their text already: this pass comes
    /// before that of recognition.</summary>
    public long DocumentsDrawn { get; init; }

    /// <summary>Office documents whose pages this run draws; 0 until that begins.</summary>
    public long DocumentsToDraw { get; init; }

    /// <summary>Videos that were listened to so far; the last pass of a run, where there is a model.</summary>
    public long VideosHeard { get; init; }

    /// <summary>Videos that this run listens to; 0 until that begins.</summary>
    public long VideosToHear { get; init; }

    /// <summary>Files that failed in this run.</summary>
    public long FilesFailed { get; init; }

    /// <summary>Key of the file that was worked on last.</summary>
    public string? CurrentFile { get; init; }

    /// <summary>The long file whose parts were read last, and how far that is; null while none is being read.</summary>
    public FileProgress? Reading { get; init; }

    /// <summary>Entries a second over the last half minute.</summary>
    public double EntriesPerSecond { get; init; }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Expected time to the end; null while it cannot be told.</summary>
    public TimeSpan? Remaining { get; init; }
}
