namespace MultiVecRetrieval;

/// <summary>What to search for: any number of sides, joined by how much each knows when there are several.</summary>
public sealed record SearchRequest : SearchOptions
{
    /// <summary>A request with the usual options.</summary>
    public SearchRequest()
    {
    }

    /// <summary>A request with the options of a question.</summary>
    public SearchRequest(SearchOptions options)
        : base(options)
    {
    }

    /// <summary>Rows to match, at most one query per space.</summary>
    public IReadOnlyList<VectorQuery> Vectors { get; init; } = [];

    /// <summary>
    /// Full text over texts, names and metadata (BM25): an entry with any of the words is found, one with more and rarer ones ranks higher.
    /// <c>"a phrase"</c> must be there, <c>-word</c> must not, whatever side finds an entry; <c>histo*</c> is the beginning of a word.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Near-duplicate search.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>Bits of 64 that may differ; in [0, 64]. Default 10.</summary>
    public int MaxFingerprintDistance { get; init; } = 10;

    /// <summary>Exact-duplicate search: SHA-256 of a file, lower-case hexadecimal.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Key of an entry to leave out: the example that a search for similar entries started from.</summary>
    public string? ExcludeEntry { get; init; }
}
