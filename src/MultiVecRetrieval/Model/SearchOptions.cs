namespace MultiVecRetrieval;

/// <summary>What every question says besides what it looks for; the same in C#, over HTTP and on the command line.</summary>
public record SearchOptions
{
    private const int MaxFacets = 16;

    /// <summary>Entries that do not meet it are not scored. Null, the default: all are.</summary>
    public Filter? Filter { get; init; }

    /// <summary>The number of hits wanted; at least 0. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Hits to skip first; at least 0. Default 0.</summary>
    public int Offset { get; init; }

    /// <summary>Fill <see cref="SearchHit.Matches"/>.</summary>
    public bool Explain { get; init; }

    /// <summary>How much may be left unscored.</summary>
    public SearchEffort Effort { get; init; } = SearchEffort.Default;

    /// <summary>
    /// Score each entry by its first rows only, at most this many; at least 1. Null, the default: by all. For spaces that store rows in
    /// the order of <c>order</c>, where any first rows are a usable smaller entry: stored once, searched by 16, by 64 or by all. Multiples
    /// of 16 are fastest. Every entry is scored, unless tiers are named.
    /// </summary>
    public int? RowLimit { get; init; }

    /// <summary>
    /// Most hits of one document, in [1, 100]: the best one stands in the list, the others in its <see cref="SearchHit.Others"/>, and
    /// <see cref="Top"/> and <see cref="Offset"/> count documents. Null, the default: every entry is a hit by itself.
    /// </summary>
    public int? GroupSize { get; init; }

    /// <summary>How several sides are joined. Default <see cref="SideFusion.Default"/>, by evidence; ranks and spread scores say nothing
    /// of whether a hit is an answer, and <see cref="SearchHit.IsLikely"/> is true then.</summary>
    public SideFusion Fusion { get; init; } = SideFusion.Default;

    /// <summary>Hits of a lower <see cref="SearchHit.Score"/> are left out. Null, the default: none. Of several sides the score is evidence
    /// in [0, 1], and 0.3 is where answers begin; of one side it is that side's own.</summary>
    public double? MinScore { get; init; }

    /// <summary>
    /// Hits with less evidence are left out; in [0, 1], and 0.3 is where answers begin. Null, the default: none. Evidence is what models
    /// and words say of a hit, the same measure for one side and for several (<see cref="MinScore"/> is of the score, which is
    /// that of the side where there is one). Refused where nothing says how much a hit is: full text alone, models that do not say from
    /// which similarity a thing is there, ranks and spread scores.
    /// </summary>
    public double? MinEvidence { get; init; }

    /// <summary>The order of the hits in place of that by score. Null, the default: by score. Of the best 1,000 those that are likely are
    /// put in order; look-alikes follow as they ranked.</summary>
    public EntryOrder? Order { get; init; }

    /// <summary>
    /// How much hits are to differ from those before them, in [0, 1]. 0, the default: not at all. The next hit of the best 100 (more where
    /// more are wanted) is the one of the largest (1 - d) score / best score - d similarity to the hits before it (maximal marginal
    /// relevance; Carbonell and Goldstein, SIGIR 1998), the cosine of mean rows in the space where it is largest.
    /// </summary>
    public double Diversity { get; init; }

    /// <summary>Fields whose values are counted over the likely ones of the best 1,000 hits, into <see cref="SearchResult.Facets"/>; at
    /// most 16. Those that <see cref="Filter"/> names. Default none.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>Checks every value; who takes options calls it once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Top);
        ArgumentOutOfRangeException.ThrowIfNegative(Offset);
        ArgumentNullException.ThrowIfNull(Effort);
        ArgumentNullException.ThrowIfNull(Fusion);
        if (GroupSize is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(GroupSize), GroupSize, $"The group size is {GroupSize}; it is in [1, 100].");
        }

        if (MinScore is { } least && double.IsNaN(least))
        {
            throw new ArgumentOutOfRangeException(nameof(MinScore), MinScore, "The least score is no number.");
        }

        if (MinEvidence is { } evidence && !(evidence is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(MinEvidence), MinEvidence, $"The least evidence is {MinEvidence}; it is in [0, 1].");
        }

        if (MinEvidence is not null && Fusion.Method != FusionMethod.Evidence)
        {
            throw new SearchOptionException(
                "minEvidence", "Ranks (rrf) and spread scores (dbsf) are no evidence; leave fusion out, or use minScore.");
        }

        if (!(Diversity is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Diversity), Diversity, $"The diversity is {Diversity}; it is in [0, 1].");
        }

        if (Diversity > 0 && Order is not null)
        {
            throw new SearchOptionException("diversity", $"Hits are put in order by '{Order}'; diversity is of hits by score.");
        }

        if (Facets.Count > MaxFacets)
        {
            throw new SearchOptionException("facets", $"{Facets.Count} fields are to be counted; it takes up to {MaxFacets}.");
        }

        if (RowLimit is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(RowLimit), RowLimit, $"The row limit is {RowLimit}; it is at least 1.");
        }
    }
}
