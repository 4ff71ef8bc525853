using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>find_similar</c> takes.</summary>
internal sealed record SimilarArguments
{
    [Description("An id of a search result; similar entries of its collection are found.")]
    public required string Id { get; init; }

    [Description("What the results are about besides, in words: they meet both.")]
    public string? Query { get; init; }

    [Description("A condition, as in search.")]
    public string? Filter { get; init; }

    [Description("Number of results. Default 10.")]
    public int? Top { get; init; }
}
