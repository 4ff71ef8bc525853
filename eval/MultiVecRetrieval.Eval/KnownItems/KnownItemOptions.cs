namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>How known-item queries are drawn.</summary>
public sealed record KnownItemOptions
{
    /// <summary>Queries in all: half phrases, a quarter words, a quarter codes. At least 4. Default 200.</summary>
    public int Count { get; init; } = 200;

    /// <summary>The same seed and collection give the same queries. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Words on a larger share of the pages are left out of phrases. In (0, 1]. Default 0.15.</summary>
    public double MaxDocumentFrequency { get; init; } = 0.15;

    /// <summary>A single word or code stands on at most this many pages. At least 1. Default 5.</summary>
    public int MaxPages { get; init; } = 5;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPages, 1);
        if (MaxDocumentFrequency is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(MaxDocumentFrequency), MaxDocumentFrequency,
                "The share lies above 0 and is at most 1.");
        }
    }
}
