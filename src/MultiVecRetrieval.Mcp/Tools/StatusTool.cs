using ModelContextProtocol.Protocol;
using MultiVecRetrieval.Mcp.Shapes;

namespace MultiVecRetrieval.Mcp.Tools;

/// <summary><c>status</c>: the account of files, with the reasons of those that failed.</summary>
internal sealed class StatusTool(ToolRoom room) : LibraryTool<StatusArguments>(room, Reading(
    "status",
    "What is indexed, and what is not",
    "Tells how many files of each collection are indexed, failed, excluded or pending, why files failed, and which jobs run.",
    ToolSchema.Of<StatusItems>()))
{
    private const int StandardLimit = 20;
    private const int JobCount = 5;

    protected override Task<CallToolResult> RunAsync(StatusArguments arguments, CancellationToken cancellationToken)
    {
        int limit = Room.Limit("limit", arguments.Limit, StandardLimit);
        StatusItem[] items = arguments.Collection is { } named
            ? [Describe(named, Room.Open(named), limit)]
            : [.. Room.ListCollections().Select(name => Library.TryGetCollection(name, out string? problem) is { } store
                ? Describe(name, store, limit) : Damaged(name, problem))];
        return Task.FromResult(Give(new StatusItems { Collections = items }));
    }

    private StatusItem Describe(string name, Collection store, int limit)
    {
        SourceCounts counts = store.Sources.Count();
        return new StatusItem
        {
            Name = name,
            Seen = counts.Seen,
            Indexed = counts.Indexed,
            Failed = counts.Failed,
            Excluded = counts.Excluded,
            Pending = counts.Pending,
            Missing = counts.Missing,
            FailedFiles = List(store, SourceState.Failed, limit),
            PendingFiles = List(store, SourceState.Pending, limit),
            Jobs = [.. Library.Jobs.List(name).Take(JobCount).Select(Describe)],
        };
    }

    private static StatusItem Damaged(string name, string? problem) => new()
    {
        Name = name,
        Seen = 0,
        Indexed = 0,
        Failed = 0,
        Excluded = 0,
        Pending = 0,
        Missing = 0,
        FailedFiles = [],
        PendingFiles = [],
        Jobs = [],
        Problem = problem,
    };

    private static StatusFile[] List(Collection store, SourceState state, int limit) =>
        [.. store.Sources.List(state, limit: limit)
            .Select(file => new StatusFile { Path = file.Path, Reason = file.Reason, Setting = file.Setting })];

    private static StatusJob Describe(LibraryJob job) => new()
    {
        Id = job.Id,
        Kind = job.Kind.ToString().ToLowerInvariant(),
        State = job.State.ToString().ToLowerInvariant(),
        FilesDone = job.Progress?.FilesDone,
        FilesTotal = job.Progress?.FilesTotal,
        Error = job.Error,
    };
}
