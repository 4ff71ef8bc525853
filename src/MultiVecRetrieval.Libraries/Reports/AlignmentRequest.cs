namespace MultiVecRetrieval;

/// <summary>What a report on captions looks at.</summary>
public sealed record AlignmentRequest
{
    /// <summary>Most captions that a report lists.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>Only pictures that meet it are looked at. Null, the default: all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Captions that are listed at most, in [1, 10000]. Default 20.</summary>
    public int Limit { get; init; } = 20;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        if (Limit is < 1 or > MaxLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(Limit), Limit, $"The limit is {Limit}; it is in [1, {MaxLimit}].");
        }
    }
}
