namespace MultiVecRetrieval;

/// <summary>Work that outlives a request, kept in the catalog so that it survives a restart.</summary>
public sealed record JobRecord
{
    /// <summary>Unique name.</summary>
    public required string Id { get; init; }

    /// <summary>What is done: <c>index</c>, <c>upload</c>, <c>retry</c> or <c>tune</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>queued, running, succeeded, failed, cancelled or interrupted.</summary>
    public required string State { get; init; }

    /// <summary>The request, as JSON.</summary>
    public required string RequestJson { get; init; }

    /// <summary>The latest progress, as JSON.</summary>
    public string? ProgressJson { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it was made; returned in UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed; returned in UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
