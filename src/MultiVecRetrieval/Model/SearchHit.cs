using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>An entry that was found.</summary>
public sealed record SearchHit
{
    /// <summary>Evidence from which a hit is an answer; below it stand look-alikes.</summary>
    public const double LikelyEvidence = 0.3;

    /// <summary>The entry.</summary>
    public required Entry Entry { get; init; }

    /// <summary>The document of the entry.</summary>
    public required Document Document { get; init; }

    /// <summary>Rank among all hits, from 1; counts skipped ones. Of <see cref="Others"/> the rank within the document, from 2.</summary>
    public required int Rank { get; init; }

    /// <summary>Higher is closer. The side's own score, or evidence in [0, 1] when several sides took part.</summary>
    public required double Score { get; init; }

    /// <summary>False when nothing says that this is an answer: it is only the nearest of what there is. Hits that are likely come
    /// first where several sides took part. Where nobody knows, true.</summary>
    public bool IsLikely { get; init; } = true;

    /// <summary>The sides that found it.</summary>
    public IReadOnlyList<HitSource> Sources { get; init; } = [];

    /// <summary>
    /// What matched and where; filled when <see cref="SearchOptions.Explain"/> is set. The engine gives the best row of the entry for
    /// every query row; a library that knows the models keeps what is shown, a video's best moment first.
    /// </summary>
    public IReadOnlyList<HitMatch> Matches { get; init; } = [];

    /// <summary>
    /// Of a video that is likely the stretches in which the query as a whole is met more than in the rest, best first, at most five; filled
    /// by a library when <see cref="SearchOptions.Explain"/> is set. Their scores are means of similarities.
    /// </summary>
    public IReadOnlyList<Moment> Moments { get; init; } = [];

    /// <summary>
    /// Of a question whose parts follow each other (<c>QueryCombination.Sequence</c> of a library) the stretch of each part that is looked
    /// for, in their order; empty otherwise, and where nothing in the video has a time.
    /// </summary>
    public IReadOnlyList<Moment> Events { get; init; } = [];

    /// <summary>What to read of its text; filled when <see cref="SearchOptions.Explain"/> is set and the entry has a text that
    /// matched.</summary>
    public HitPassage? Passage { get; init; }

    /// <summary>Other entries of the document, best first, when <see cref="SearchOptions.GroupSize"/> is set: those that are likely where
    /// this one is, and rank among the entries that were looked at for documents enough, at least the best 100.</summary>
    public IReadOnlyList<SearchHit> Others { get; init; } = [];
}
