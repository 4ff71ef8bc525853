using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>search</c> and <c>find_similar</c> give.</summary>
internal sealed record FoundItems
{
    public required IReadOnlyList<FoundItem> Results { get; init; }

    [Description("What the search could not do.")]
    public IReadOnlyList<string>? Notices { get; init; }
}
