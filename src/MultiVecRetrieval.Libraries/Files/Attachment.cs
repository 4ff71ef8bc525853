namespace MultiVecRetrieval.Libraries.Files;

/// <summary>A kept file that a job of this process puts into a collection.</summary>
/// <param name="JobId">The job.</param>
/// <param name="File">The file.</param>
/// <param name="Metadata">Metadata of its document.</param>
internal sealed record Attachment(string JobId, StoredFile File, IReadOnlyDictionary<string, MetadataValue> Metadata)
{
    /// <summary>How far it is by what its job says; the ledger does not know it yet.</summary>
    public AttachedFile Describe(LibraryJob? job)
    {
        AttachedState state = job is null or { State: JobState.Cancelled or JobState.Interrupted } ? AttachedState.Cancelled
            : job.HasEnded ? AttachedState.Failed : AttachedState.InProgress;
        return new AttachedFile
        {
            Id = File.Id,
            FileName = File.FileName,
            State = state,
            Reason = state == AttachedState.Failed ? job?.Error ?? "The job ended and left no word of it." : null,
            SizeInBytes = File.SizeInBytes,
            CreatedAt = File.CreatedAt,
            Metadata = Metadata,
        };
    }
}
