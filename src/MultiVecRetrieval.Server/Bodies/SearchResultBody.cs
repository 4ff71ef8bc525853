namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The answer to a search.</summary>
public sealed record SearchResultBody
{
    /// <summary>Hits, best first.</summary>
    public required IReadOnlyList<HitBody> Hits { get; init; }

    /// <summary>Hits skipped before the first.</summary>
    public required int Offset { get; init; }

    /// <summary>True when a larger offset gives more.</summary>
    public required bool HasMore { get; init; }

    /// <summary>Names the state of the collection that answered, where it is kept for further pages; absent otherwise.</summary>
    public string? Snapshot { get; init; }

    /// <summary>True when the hits are those of an exact search.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Entries that passed the filter.</summary>
    public required long CandidateCount { get; init; }

    /// <summary>The values of the fields that were asked for, counted over the likely ones of the best 1,000 hits.</summary>
    public required IReadOnlyList<FacetBody> Facets { get; init; }

    /// <summary>How the parts of the question were joined; absent when it has one.</summary>
    public string? Formula { get; init; }

    /// <summary>How each space was searched.</summary>
    public required IReadOnlyList<PlanBody> Plans { get; init; }

    /// <summary>Milliseconds by stage.</summary>
    public required IReadOnlyDictionary<string, double> TimingsMs { get; init; }

    /// <summary>What the query could not do, for people.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>Maps a result, whose first hit has <paramref name="offset"/> before it.</summary>
    /// <param name="result">The result.</param>
    /// <param name="offset">Hits skipped before the first.</param>
    /// <param name="links">Adds addresses where there is a server to serve them.</param>
    /// <param name="excerptOf">Gives the beginning of an entry's text, if it is a text.</param>
    public static SearchResultBody From(
        SearchResult result, int offset, EntryLinks? links = null, Func<Entry, string?>? excerptOf = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new SearchResultBody
        {
            Hits = [.. result.Hits.Select(hit => HitBody.From(hit, links, excerptOf))],
            Offset = offset,
            HasMore = result.HasMore,
            Snapshot = result.Snapshot,
            IsExact = result.IsExact,
            CandidateCount = result.CandidateCount,
            Facets = [.. result.Facets.Select(FacetBody.From)],
            Formula = result.Formula,
            Plans = [.. result.Plans.Select(PlanBody.From)],
            TimingsMs = result.TimingsMs.ToDictionary(stage => stage.Key, stage => Math.Round(stage.Value, 2)),
            Notices = result.Notices,
        };
    }
}
