using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What became of the files of one collection.</summary>
internal sealed record StatusItem
{
    public required string Name { get; init; }

    [Description("All files that were seen: indexed + failed + excluded + pending.")]
    public required long Seen { get; init; }

    public required long Indexed { get; init; }

    public required long Failed { get; init; }

    public required long Excluded { get; init; }

    public required long Pending { get; init; }

    [Description("Files that are gone from the disk.")]
    public required long Missing { get; init; }

    public required IReadOnlyList<StatusFile> FailedFiles { get; init; }

    public required IReadOnlyList<StatusFile> PendingFiles { get; init; }

    public required IReadOnlyList<StatusJob> Jobs { get; init; }

    [Description("Why it cannot be read; absent when it can.")]
    public string? Problem { get; init; }
}
