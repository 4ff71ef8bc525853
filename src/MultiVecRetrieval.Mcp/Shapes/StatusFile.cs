namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>A file that is not indexed, or not wholly, and why.</summary>
internal sealed record StatusFile
{
    public required string Path { get; init; }

    public string? Reason { get; init; }

    public string? Setting { get; init; }
}
