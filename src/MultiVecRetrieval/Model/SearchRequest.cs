namespace MultiVecRetrieval;

/// <summary>What to search for: any number of sides, fused by rank when there are several.</summary>
public sealed record SearchRequest
{
    /// <summary>Rows to match, at most one query per space.</summary>
    public IReadOnlyList<VectorQuery> Vectors { get; init; } = [];

    /// <summary>Full text over text layers (BM25); an entry with any of the words is found, one with more and rarer ones ranks
    /// higher.</summary>
    public string? Text { get; init; }

    /// <summary>Near-duplicate search.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>Bits of 64 that may differ; in [0, 64]. Default 10.</summary>
    public int MaxFingerprintDistance { get; init; } = 10;

    /// <summary>Exact-duplicate search: SHA-256 of a file, lower-case hexadecimal.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Entries that do not meet it are not scored.</summary>
    public Filter? Filter { get; init; }

    /// <summary>The number of hits wanted; at least 0. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Hits to skip first; at least 0. Default 0.</summary>
    public int Offset { get; init; }

    /// <summary>Fill <see cref="SearchHit.Matches"/>.</summary>
    public bool Explain { get; init; }

    /// <summary>
    /// The share of the exact best <see cref="Top"/> that must be found, in (0, 1]: the cheapest way that keeps it is taken. Null, the
    /// default: exact while that is expected to stay within <see cref="CollectionOptions.LatencyTarget"/>, else 0.95. Exact hits come by a
    /// scan of all rows, or by upper bounds as with <see cref="Certified"/> where that is expected to be faster: they are the same.
    /// </summary>
    public double? Recall { get; init; }

    /// <summary>Score every entry exactly, however long it takes.</summary>
    public bool Exact { get; init; }

    /// <summary>
    /// Search by upper bounds until it is proved that the hits are those of an exact search, where a tier has such bounds; else exactly.
    /// </summary>
    public bool Certified { get; init; }

    /// <summary>
    /// Score each entry by its first rows only, at most this many; at least 1. Null, the default: by all. For spaces that store rows in
    /// the order of <c>order</c>, where any first rows are a usable smaller entry: stored once, searched by 16, by 64 or by all. Multiples
    /// of 16 are fastest. Every entry is scored, unless a query names a tier.
    /// </summary>
    public int? RowLimit { get; init; }

    /// <summary>Key of an entry to leave out: the example that a search for similar entries started from.</summary>
    public string? ExcludeEntry { get; init; }
}
