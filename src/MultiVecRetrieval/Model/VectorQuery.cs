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

    /// <summary>Weight of this side among several of <see cref="EvidenceKind.Likeness"/>; finite and above 0. Default 1.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>What its similarities say. Default <see cref="EvidenceKind.Likeness"/>.</summary>
    public EvidenceKind Kind { get; init; }

    /// <summary>One factor per row, finite and above 0: how much the row counts in the score. Matches are told without it. Empty, the
    /// default: each counts 1.</summary>
    public IReadOnlyList<float> RowWeights { get; init; } = [];

    /// <summary>Rows to explain hits by in place of <see cref="Rows"/>, where those were made of several others: <see cref="Labels"/> are
    /// theirs. Null, the default: the rows themselves.</summary>
    public MultiVector? ExplainedBy { get; init; }

    /// <summary>How the rows were made of several parts, for people; null when they were not. <see cref="SearchPlan.Formula"/> says
    /// it.</summary>
    public string? Formula { get; init; }

    /// <summary>Similarity of a row from which the model takes what is asked for to be there; null when nobody knows.</summary>
    public double? Presence { get; init; }

    /// <summary>How far above <see cref="Presence"/> that is nearly certain; above 0. Default 0.1.</summary>
    public double PresenceWidth { get; init; } = 0.1;
}
