namespace MultiVecRetrieval.Libraries.Files;

/// <summary>How far files of a collection are; asks for each job once. For one question at a time.</summary>
internal sealed class AttachedStates(Library library, string collection)
{
    private readonly Dictionary<string, LibraryJob?> _jobs = new(StringComparer.Ordinal);
    private readonly Lazy<bool> _isBusy =
        new(() => library.Jobs.List(collection).Any(job => !job.HasEnded && library.Jobs.IsLive(job.Id)));

    public LibraryJob? FindJob(string id)
    {
        if (!_jobs.TryGetValue(id, out LibraryJob? job))
        {
            _jobs[id] = job = library.Jobs.Find(id);
        }

        return job;
    }

    /// <summary>What the ledger says of a file.</summary>
    public AttachedState Of(SourceFile source) => source.State switch
    {
        SourceState.Indexed => AttachedState.Completed,
        SourceState.Pending => _isBusy.Value ? AttachedState.InProgress : AttachedState.Cancelled,
        _ => AttachedState.Failed,
    };
}
