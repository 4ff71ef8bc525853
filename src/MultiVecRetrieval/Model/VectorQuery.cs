using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>Rows to match against one space.</summary>
public sealed record VectorQuery
{
    /// <summary>The name of the space.</summary>
    public required string Space { get; init; }

    /// <summary>The identity of the encoder that made the rows; must equal the space's.</summary>
    public required SpaceId SpaceId { get; init; }

    /// <summary>The query rows; one row is a dense search.</summary>
    public required MultiVector Rows { get; init; }

    /// <summary>One label per row (the word), for explanations; empty when there are none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Weight of this side when several are fused; finite and above 0. Default 1.</summary>
    public float Weight { get; init; } = 1;
}
