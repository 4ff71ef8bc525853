namespace MultiVecRetrieval;

/// <summary>A question to a collection: text, a picture, a stored entry, or several of them together.</summary>
public sealed record LibraryQuery
{
    /// <summary>Name of the collection.</summary>
    public required string Collection { get; init; }

    /// <summary>Words to find or to understand, as the models of the collection can.</summary>
    public string? Text { get; init; }

    /// <summary>A picture to search by, as a file.</summary>
    public string? ImagePath { get; init; }

    /// <summary>A picture to search by, as an encoded file in memory; used when <see cref="ImagePath"/> is null.</summary>
    public ReadOnlyMemory<byte>? ImageBytes { get; init; }

    /// <summary>Key of a stored entry to search by; the entry itself is left out of the answer.</summary>
    public string? LikeEntry { get; init; }

    /// <summary>Which sides answer a text.</summary>
    public SearchSide Using { get; init; } = SearchSide.Fused;

    /// <summary>Encodes text and picture by a new model for a space that an old one filled. Null, the default: each space by its own
    /// model.</summary>
    public QueryBridge? Bridge { get; init; }

    /// <summary>A condition that every hit meets, applied before scoring.</summary>
    public Filter? Filter { get; init; }

    /// <summary>The number of hits at most.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Hits to skip.</summary>
    public int Offset { get; init; }

    /// <summary>The share of the exact best hits that must be found; see <see cref="SearchRequest.Recall"/>. Null: the default
    /// policy.</summary>
    public double? Recall { get; init; }

    /// <summary>Score every entry exactly, however long it takes.</summary>
    public bool Exact { get; init; }

    /// <summary>Search until it is proved that the hits are those of an exact search; see <see cref="SearchRequest.Certified"/>.</summary>
    public bool Certified { get; init; }

    /// <summary>Score each entry by at most this many of its first rows; see <see cref="SearchRequest.RowLimit"/>. Null: by all.</summary>
    public int? RowLimit { get; init; }

    /// <summary>
    /// The tiers that choose candidates, as <see cref="VectorQuery.Tier"/>; null to let the collection choose. Of several spaces those that
    /// have the tiers are searched by them.
    /// </summary>
    public string? Tier { get; init; }

    /// <summary>Candidates that each tier passes on, see <see cref="VectorQuery.Budgets"/>; empty for as many as it takes.</summary>
    public IReadOnlyList<int> Budgets { get; init; } = [];

    /// <summary>
    /// Fills <see cref="SearchHit.Matches"/>: the likely matches, of a video those of the moment at which the query as a whole matches
    /// best first; of a hit without a likely match the best one, with <see cref="HitMatch.IsLikely"/> false.
    /// </summary>
    public bool Explain { get; init; } = true;
}
