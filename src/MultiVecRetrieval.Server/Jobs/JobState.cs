namespace MultiVecRetrieval.Server.Jobs;

/// <summary>The states of a job, as the catalog and the API name them.</summary>
internal static class JobState
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Interrupted = "interrupted";

    public static bool IsFinal(string state) => state is not (Queued or Running);
}
