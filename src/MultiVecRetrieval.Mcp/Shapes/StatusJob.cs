namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>Work that goes on, or the latest that ended.</summary>
internal sealed record StatusJob
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string State { get; init; }

    public long? FilesDone { get; init; }

    public long? FilesTotal { get; init; }

    public string? Error { get; init; }
}
