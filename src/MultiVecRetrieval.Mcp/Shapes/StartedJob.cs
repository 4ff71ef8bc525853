using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>index</c> gives.</summary>
internal sealed record StartedJob
{
    [Description("Names the job in status.")]
    public required string Job { get; init; }

    public required string Collection { get; init; }

    public required string State { get; init; }
}
