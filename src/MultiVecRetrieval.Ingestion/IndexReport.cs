namespace MultiVecRetrieval;

/// <summary>What a run of indexing did. Seen = Indexed + Unchanged + Renamed + Excluded + Failed + Pending.</summary>
public sealed record IndexReport
{
    /// <summary>Files and excluded folders that the walk saw.</summary>
    public long Seen { get; init; }

    /// <summary>Files that are new or changed and were indexed in this run, wholly or in part.</summary>
    public long Indexed { get; init; }

    /// <summary>Files that were indexed before and have the same content.</summary>
    public long Unchanged { get; init; }

    /// <summary>Files whose content was known under a path that is gone; their vectors were kept.</summary>
    public long Renamed { get; init; }

    /// <summary>Files left out, each with a reason in the ledger of sources.</summary>
    public long Excluded { get; init; }

    /// <summary>Of the excluded, those of a type that is not read, by extension, the most frequent first.</summary>
    public IReadOnlyList<ExtensionCount> Unsupported { get; init; } = [];

    /// <summary>Documents whose files are gone from disk, still in the collection.</summary>
    public long Missing { get; init; }

    /// <summary>Documents removed because their files are gone.</summary>
    public long Removed { get; init; }

    /// <summary>Files left for the next run: the run was cancelled, or they were still being written.</summary>
    public long Pending { get; init; }

    /// <summary>Entries (images, pages, videos, sections of texts) added or replaced.</summary>
    public long EntriesAdded { get; init; }

    /// <summary>Files that failed, in this run or in an earlier one and unchanged since.</summary>
    public IReadOnlyList<FailedFile> Failed { get; init; } = [];

    /// <summary>Files that were indexed without some of their pages, words or frames; they count as indexed or unchanged.</summary>
    public IReadOnlyList<FailedFile> Partial { get; init; } = [];

    /// <summary>What the run left out because something is not installed, and what to do about it; each said once.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Time that the run took.</summary>
    public TimeSpan Elapsed { get; init; }
}
