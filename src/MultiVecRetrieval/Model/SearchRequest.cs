namespace MultiVecRetrieval;

/// <summary>What to search for: any number of sides, joined by how much each knows when there are several; or several parts, each with
/// sides of its own.</summary>
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

    /// <summary>The parts of a question that has several; those above are then empty. At least one of them is not excluded.</summary>
    public IReadOnlyList<SearchPart> Parts { get; init; } = [];

    /// <summary>How the parts meet. Default <see cref="PartJoin.All"/>.</summary>
    public PartJoin Join { get; init; }

    /// <summary>Keys of entries to leave out: the examples that a search for similar entries started from.</summary>
    public IReadOnlyList<string> ExcludeEntries { get; init; } = [];

    /// <summary>The parts; one where the request names its sides itself.</summary>
    internal IReadOnlyList<SearchPart> AllParts => Parts.Count > 0
        ? Parts
        :
        [
            new SearchPart
            {
                Vectors = Vectors, Text = Text, Fingerprint = Fingerprint, MaxFingerprintDistance = MaxFingerprintDistance,
                ContentHash = ContentHash,
            },
        ];
}
