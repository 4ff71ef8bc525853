namespace MultiVecRetrieval;

/// <summary>A space has too few entries for what was asked.</summary>
/// <param name="space">The name of the space.</param>
/// <param name="count">Entries that it has.</param>
/// <param name="needed">Entries that it takes.</param>
public sealed class TooFewEntriesException(string space, long count, int needed)
    : InvalidOperationException(
        $"Space '{space}' has {count} entries; tuning takes at least {needed}, and below a few thousand an exact search is fast anyway.")
{
    /// <summary>Entries that the space has.</summary>
    public long Count { get; } = count;

    /// <summary>Entries that it takes.</summary>
    public int Needed { get; } = needed;
}
