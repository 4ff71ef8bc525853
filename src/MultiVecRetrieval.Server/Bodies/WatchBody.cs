namespace MultiVecRetrieval.Server.Bodies;

/// <summary>How the watching of a collection goes.</summary>
public sealed record WatchBody
{
    /// <summary>The folders and files of the setting; empty for all folders that were indexed into the collection.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>indexing, waiting (for a change), or failed: the problem says why, and it is tried again.</summary>
    public string State { get; init; } = "waiting";

    /// <summary>When everything was looked at last; null before the first time.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Why the last run failed; null when it did not.</summary>
    public string? Problem { get; init; }

    /// <summary>What people should know, the latest last: folders that are gone, changes that the system does not tell.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
