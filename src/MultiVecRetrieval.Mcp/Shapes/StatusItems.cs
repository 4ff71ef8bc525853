namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>status</c> gives.</summary>
internal sealed record StatusItems
{
    public required IReadOnlyList<StatusItem> Collections { get; init; }
}
