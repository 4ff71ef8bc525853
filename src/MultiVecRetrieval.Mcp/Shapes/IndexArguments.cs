using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>index</c> takes.</summary>
internal sealed record IndexArguments
{
    [Description("Absolute paths of files or folders.")]
    public required IReadOnlyList<string> Paths { get; init; }

    [Description("The collection that they go into; made when there is none. Default: the one that this server was started with, else default.")]
    public string? Collection { get; init; }
}
