using System.Text.Json;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Work that outlives a request.</summary>
public sealed record JobBody
{
    /// <summary>Identity of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The collection it works on.</summary>
    public required string Collection { get; init; }

    /// <summary>index, upload, retry or tune.</summary>
    public required string Kind { get; init; }

    /// <summary>queued, running, succeeded, failed, cancelled or interrupted.</summary>
    public required string State { get; init; }

    /// <summary>How far it is; null before it began.</summary>
    public IndexProgress? Progress { get; init; }

    /// <summary>What came of it; null before it ended.</summary>
    public IndexReport? Report { get; init; }

    /// <summary>What tuning is measuring; null when it is not running.</summary>
    public string? Activity { get; init; }

    /// <summary>What tuning measured; null before it ended, and for jobs that index.</summary>
    public TuneReport? Tuning { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static JobBody From(string collection, JobRecord record)
    {
        JobOutcome? outcome = record.ProgressJson is null
            ? null
            : JsonSerializer.Deserialize<JobOutcome>(record.ProgressJson, JsonSerializerOptions.Web);
        return new JobBody
        {
            Id = record.Id,
            Collection = collection,
            Kind = record.Kind,
            State = record.State,
            Progress = outcome?.Progress,
            Report = outcome?.Report,
            Tuning = outcome?.Tuning,
            Error = record.Error,
            CreatedAt = record.CreatedAt,
            UpdatedAt = record.UpdatedAt,
        };
    }

    /// <summary>What a job record keeps as its progress.</summary>
    internal sealed record JobOutcome(IndexProgress? Progress, IndexReport? Report, TuneReport? Tuning = null);
}
