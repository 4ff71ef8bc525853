namespace MultiVecRetrieval;

/// <summary>What every question says besides what it looks for; the same in C#, over HTTP and on the command line.</summary>
public record SearchOptions
{
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

        if (RowLimit is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(RowLimit), RowLimit, $"The row limit is {RowLimit}; it is at least 1.");
        }
    }
}
