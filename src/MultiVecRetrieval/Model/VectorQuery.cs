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

    /// <summary>
    /// Spec of the tier whose codes choose candidates, for instance <c>bits:2</c>, or several with <c>&gt;</c> between them, each choosing
    /// among the candidates of the one before: <c>codeset:4096 &gt; bits:2</c>. Null, the default, to let the collection choose.
    /// </summary>
    public string? Tier { get; init; }

    /// <summary>
    /// Candidates to score exactly when <see cref="Tier"/> or a certified search is asked for; at least 1. Null: as many as it takes. Of
    /// several tiers each passes on eight times as many as the next one.
    /// </summary>
    public int? Budget { get; init; }

    /// <summary>
    /// In place of <see cref="Budget"/>, candidates that each tier of <see cref="Tier"/> passes on: as many numbers as tiers, each at least
    /// 1, none larger than the one before. Those of the last tier are scored exactly. Empty, the default: by <see cref="Budget"/>.
    /// </summary>
    public IReadOnlyList<int> Budgets { get; init; } = [];

    /// <summary>Weight of this side when several are fused; finite and above 0. Default 1.</summary>
    public float Weight { get; init; } = 1;
}
