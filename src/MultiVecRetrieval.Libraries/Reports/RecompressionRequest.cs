namespace MultiVecRetrieval;

/// <summary>What a report on recompression looks at.</summary>
public sealed record RecompressionRequest
{
    /// <summary>Most pictures that are encoded anew.</summary>
    public const int MaxSampleSize = 10_000;

    /// <summary>Only pictures that meet it are taken. Null, the default: any.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Pictures that are encoded anew, in [1, 10000]; each six times. Default 50.</summary>
    public int SampleSize { get; init; } = 50;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        if (SampleSize is < 1 or > MaxSampleSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(SampleSize), SampleSize, $"The size of the sample is {SampleSize}; it is in [1, {MaxSampleSize}].");
        }
    }
}
