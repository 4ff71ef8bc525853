namespace MultiVecRetrieval;

/// <summary>What a report on duplicates looks at.</summary>
public sealed record DuplicateRequest
{
    /// <summary>Most groups, or segments, that a report lists.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>Only entries that meet it are compared. Null, the default: all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Groups of each kind, and segments, that are listed at most; in [1, 10000]. Default 100. The counts are of all.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>False to look for exact copies only, which takes no time. Default true.</summary>
    public bool NearDuplicates { get; init; } = true;

    /// <summary>False to leave out segments that videos share. Default true.</summary>
    public bool Segments { get; init; } = true;

    /// <summary>Similarity from which two pictures count as near duplicates, in (0, 1], in place of what each model says
    /// (<c>copySimilarity</c> in its <c>encoder.json</c>). Null, the default.</summary>
    public double? MinSimilarity { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        if (Limit is < 1 or > MaxLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(Limit), Limit, $"The limit is {Limit}; it is in [1, {MaxLimit}].");
        }

        if (MinSimilarity is { } least && !(least is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(MinSimilarity), least, $"The least similarity is {least}; it is above 0 and at most 1.");
        }
    }
}
