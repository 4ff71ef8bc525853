namespace MultiVecRetrieval;

/// <summary>A part of a question, with the sides that answer it; several sides are joined by how much each knows.</summary>
public sealed record SearchPart
{
    /// <summary>Largest <see cref="Weight"/>.</summary>
    public const double MaxWeight = 100;

    /// <summary>Rows to match, at most one query per space. The same object may stand in several parts: it is searched once.</summary>
    public IReadOnlyList<VectorQuery> Vectors { get; init; } = [];

    /// <summary>Full text, as <see cref="SearchRequest.Text"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Near-duplicate search.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>Bits of 64 that may differ; in [0, 64]. Default 10.</summary>
    public int MaxFingerprintDistance { get; init; } = 10;

    /// <summary>Exact-duplicate search: SHA-256 of a file, lower-case hexadecimal.</summary>
    public string? ContentHash { get; init; }

    /// <summary>How much the part counts beside the others; in (0, 100]. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>True when an answer must not meet it: evidence e for this part leaves the share 1 - e, with a weight below 1 the share
    /// 1 - weight e, of what the other parts give.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>True when it asks for copies.</summary>
    internal bool AsksForCopies => Fingerprint is not null || ContentHash is not null;
}
