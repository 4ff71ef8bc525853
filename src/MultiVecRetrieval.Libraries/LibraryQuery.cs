namespace MultiVecRetrieval;

/// <summary>
/// A question to a collection: text, a picture or a stored entry, or a text with one of these: then an answer is like the example and meets
/// the words. Where a model puts both into one space, their similarities add up there (Jia et al., ALIGN, arXiv:2102.05918).
/// </summary>
public sealed record LibraryQuery : SearchOptions
{
    /// <summary>
    /// A question with the usual options. <see cref="SearchOptions.Explain"/> is on: the likely matches, of a video those of the moment at
    /// which the query as a whole matches best first; of a hit without a likely match the best one, with <see cref="HitMatch.IsLikely"/>
    /// false.
    /// </summary>
    public LibraryQuery() => Explain = true;

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
}
