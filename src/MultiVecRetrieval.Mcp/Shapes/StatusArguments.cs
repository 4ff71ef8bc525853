using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>status</c> takes.</summary>
internal sealed record StatusArguments
{
    [Description("Name of one collection; without it all are told of.")]
    public string? Collection { get; init; }

    [Description("Files listed of each state at most. Default 20.")]
    public int? Limit { get; init; }
}
