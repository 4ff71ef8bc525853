using System.Text.Json;

namespace MultiVecRetrieval.Libraries.Jobs;

/// <summary>Jobs as the catalog keeps them.</summary>
internal static class JobRecords
{
    public static string GetName(JobKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static string GetName(JobState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    public static LibraryJob Read(string collection, JobRecord record)
    {
        Outcome? outcome = record.ProgressJson is null
            ? null
            : JsonSerializer.Deserialize<Outcome>(record.ProgressJson, JsonSerializerOptions.Web);
        return new LibraryJob
        {
            Id = record.Id,
            Collection = collection,
            Kind = Enum.Parse<JobKind>(record.Kind, ignoreCase: true),
            State = Enum.Parse<JobState>(record.State, ignoreCase: true),
            Progress = outcome?.Progress,
            Report = outcome?.Report,
            Tuning = outcome?.Tuning,
            Replacement = outcome?.Replacement,
            Error = record.Error,
            CreatedAt = record.CreatedAt,
            UpdatedAt = record.UpdatedAt,
        };
    }

    /// <summary>The record of a job whose request is known already.</summary>
    public static JobRecord Write(JobRecord record, LibraryJob job) => record with
    {
        State = GetName(job.State),
        ProgressJson = JsonSerializer.Serialize(
            new Outcome(job.Progress, job.Report, job.Tuning, job.Replacement), JsonSerializerOptions.Web),
        Error = job.Error,
        UpdatedAt = job.UpdatedAt,
    };

    private sealed record Outcome(
        IndexProgress? Progress, IndexReport? Report, TuneReport? Tuning = null, ModelReplacement? Replacement = null);
}
