namespace MultiVecRetrieval;

/// <summary>Work that outlives a call: kept in the catalog of its collection, so that it is found after a restart.</summary>
public sealed record LibraryJob
{
    /// <summary>Identity of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The collection it works on.</summary>
    public required string Collection { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public required JobState State { get; init; }

    /// <summary>How far indexing is; null before it began.</summary>
    public IndexProgress? Progress { get; init; }

    /// <summary>What came of it; null before it ended.</summary>
    public IndexReport? Report { get; init; }

    /// <summary>What tuning is measuring, or how far looking for an attribute is; null when neither is running.</summary>
    public string? Activity { get; init; }

    /// <summary>What tuning measured; null before it ended, and for jobs that index.</summary>
    public TuneReport? Tuning { get; init; }

    /// <summary>What became of a model that was to take the place of another; null before it ended, and for other jobs.</summary>
    public ModelReplacement? Replacement { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts the changes since this process took the job, from 1: a later one has a larger number.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>True when it will not change any more.</summary>
    public bool HasEnded => State is not (JobState.Queued or JobState.Running);
}
