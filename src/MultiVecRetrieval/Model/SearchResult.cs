namespace MultiVecRetrieval;

/// <summary>What a search found.</summary>
public sealed record SearchResult
{
    /// <summary>Best first; equal scores in ordinal order of their keys.</summary>
    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>True when a larger <see cref="SearchOptions.Offset"/> gives more.</summary>
    public bool HasMore { get; init; }

    /// <summary>True when the hits are those of an exact search: all entries that passed the filter were scored exactly, or proved to be no
    /// hits. Of several sides or parts: each was searched so, and joined from its best 100, of several parts its best 1,000.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Entries that passed the filter.</summary>
    public required long CandidateCount { get; init; }

    /// <summary>Names the generation where it was kept for further pages (<c>LibraryQuery.KeepsSnapshot</c>); else null.</summary>
    public string? Snapshot { get; init; }

    /// <summary>How each space was searched; one per query with rows.</summary>
    public IReadOnlyList<SearchPlan> Plans { get; init; } = [];

    /// <summary>How the parts of the question were joined, for people; null when it has one.</summary>
    public string? Formula { get; init; }

    /// <summary>The values of the fields that were asked for, in their order.</summary>
    public IReadOnlyList<Facet> Facets { get; init; } = [];

    /// <summary>
    /// Milliseconds by stage: <c>filter</c>, each side by its name, <c>complete</c> (what other parts found), <c>fusion</c>,
    /// <c>select</c> (order, diversity, facets), <c>hits</c>, <c>total</c>, from a library also <c>encode</c>, <c>compose</c> and
    /// <c>events</c> (the order of parts); of a vector
    /// side also by the stages it had, for instance <c>vectors:pages/scan</c>: <c>plan</c>, <c>prepare</c> (the query for the codes),
    /// <c>scan</c> (codes, or rows where there are none), <c>select</c>
    /// (candidates), <c>narrow</c> (their codes in further tiers) and <c>rows</c> (their exact scores).
    /// </summary>
    public IReadOnlyDictionary<string, double> TimingsMs { get; init; } = new Dictionary<string, double>();

    /// <summary>For people: what a query could not do.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
