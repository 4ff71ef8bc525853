using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>search</c> takes.</summary>
internal sealed record SearchArguments
{
    [Description("What to look for, in plain words. \"a phrase\" must be there, -word must not, begin* is the beginning of a word.")]
    public required string Query { get; init; }

    [Description("Name of one collection; without it all are searched, or the one that this server was started with.")]
    public string? Collection { get; init; }

    [Description("A condition, for instance: type = page and path like 'reports/*' and page <= 10. Types: image, page, video, text.")]
    public string? Filter { get; init; }

    [Description("Number of results. Default 10.")]
    public int? Top { get; init; }

    [Description("Gather results by document: at most so many of each, 1 to 100, the further ones in 'others' of its best.")]
    public int? Group { get; init; }
}
