namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What to look for; exactly one of text, image and entry.</summary>
public sealed record SearchBody
{
    /// <summary>Words to look for.</summary>
    public string? Text { get; init; }

    /// <summary>A picture to look for: base64 or a data URI.</summary>
    public string? Image { get; init; }

    /// <summary>Key of a stored entry to find similar ones of.</summary>
    public string? Entry { get; init; }

    /// <summary>Which sides take part: fused (default), vectors or text.</summary>
    public string? Using { get; init; }

    /// <summary>A condition, for instance <c>type = page and path like "reports/*"</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Number of hits wanted. Default 10.</summary>
    public int? Top { get; init; }

    /// <summary>Number of hits skipped. Default 0.</summary>
    public int? Offset { get; init; }

    /// <summary>Share of the exact best hits that must be found, in (0, 1]. Default: exact while that is fast, then 0.95.</summary>
    public double? Recall { get; init; }

    /// <summary>Whether every entry is scored exactly, however long it takes. Default false.</summary>
    public bool? Exact { get; init; }

    /// <summary>Whether to search by bounds until it is proved that the hits are the exact ones. Default false.</summary>
    public bool? Certified { get; init; }

    /// <summary>Score each entry by at most this many of its first rows; for spaces whose rows are ordered. Default: by all.</summary>
    public int? RowLimit { get; init; }

    /// <summary>
    /// The tier whose codes choose candidates, for instance <c>bits:2</c>, or several with &gt; between them, each choosing among the
    /// candidates of the one before. Default: the collection chooses.
    /// </summary>
    public string? Tier { get; init; }

    /// <summary>
    /// Candidates that each named tier passes on, none larger than the one before; those of the last are scored exactly. Of a certified
    /// search how many are scored at most. Default: as many as it takes.
    /// </summary>
    public IReadOnlyList<int>? Budgets { get; init; }

    /// <summary>Whether hits say what matched where. Default true.</summary>
    public bool? Explain { get; init; }
}
