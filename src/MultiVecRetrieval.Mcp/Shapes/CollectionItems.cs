namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>list_collections</c> gives.</summary>
internal sealed record CollectionItems
{
    public required IReadOnlyList<CollectionItem> Collections { get; init; }
}
