namespace MultiVecRetrieval;

/// <summary>
/// A question to a collection: a text, a picture, a stored entry, or several of these. <see cref="Text"/>, <see cref="ImagePath"/>,
/// <see cref="ImageBytes"/> and <see cref="LikeEntry"/> are parts that say what is looked for; <see cref="Parts"/> adds any others,
/// with roles, weights and regions, and <see cref="Combine"/> says how they become one question.
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

    /// <summary>Further parts. Default none.</summary>
    public IReadOnlyList<QueryPart> Parts { get; init; } = [];

    /// <summary>How the parts become one question. Default <see cref="QueryCombination.Auto"/>.</summary>
    public QueryCombination Combine { get; init; }

    /// <summary>How far <see cref="QueryCombination.Direction"/> moves the subject; in [-4, 4]. Default 1.</summary>
    public double DirectionScale { get; init; } = 1;

    /// <summary>What share words have beside the picture in <see cref="QueryCombination.Direction"/>; in [0, 1]. Default 0.5.</summary>
    public double TextShare { get; init; } = 0.5;

    /// <summary>Which sides answer a text.</summary>
    public SearchSide Using { get; init; } = SearchSide.Fused;

    /// <summary>The task that the question is one of, for models that put other words around a query by task (<see
    /// cref="Encoding.ModelContract.Tasks"/>); models without such a task keep their own. What is stored stays as it is. Null, the default:
    /// the models' own words.</summary>
    public string? Task { get; init; }

    /// <summary>Keep the generation that answers for a few minutes, so that further pages are of the same one while the collection
    /// changes: <see cref="SearchResult.Snapshot"/> names it. Default false.</summary>
    public bool KeepsSnapshot { get; init; }

    /// <summary>The generation to ask, as an answer before named it. Null, the default: the newest.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Encodes text and picture by a new model for a space that an old one filled. Null, the default: each space by its own
    /// model.</summary>
    public QueryBridge? Bridge { get; init; }

    /// <summary>The reranker that scores the best hits again and decides their order: <see cref="SearchHit.Score"/> is its relevance in
    /// [0, 1] then, and <see cref="SearchHit.Sources"/> have <c>search</c>, with rank and score before, and <c>rerank:MODEL</c>. Null, the
    /// default: none. <see cref="SearchOptions.MinScore"/> is of the scores before.</summary>
    public RerankOptions? Rerank { get; init; }

    /// <summary>Every part, those that have a property of their own first.</summary>
    internal IReadOnlyList<QueryPart> AllParts
    {
        get
        {
            List<QueryPart> parts = [];
            if (!string.IsNullOrWhiteSpace(Text))
            {
                parts.Add(new QueryPart { Text = Text });
            }

            if (ImagePath is not null || ImageBytes is not null)
            {
                parts.Add(new QueryPart { ImagePath = ImagePath, ImageBytes = ImagePath is null ? ImageBytes : null });
            }

            if (LikeEntry is not null)
            {
                parts.Add(new QueryPart { Entry = LikeEntry });
            }

            return [.. parts, .. Parts];
        }
    }
}
