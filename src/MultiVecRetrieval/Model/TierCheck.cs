namespace MultiVecRetrieval;

/// <summary>What a tier was found to be worth after entries were added or removed, on a few queries: a look whether its measurement still
/// holds.</summary>
public sealed record TierCheck
{
    /// <summary>When.</summary>
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>Queries asked.</summary>
    public required int QueryCount { get; init; }

    /// <summary>Hits wanted of each.</summary>
    public required int Top { get; init; }

    /// <summary>Candidates scored exactly, as many as a search with the default recall takes.</summary>
    public required int Budget { get; init; }

    /// <summary>Mean share of the exact best that was found.</summary>
    public required double Recall { get; init; }

    /// <summary>The recall that the measurement promised for this budget; a check below it lets the tier be measured anew.</summary>
    public required double PromisedRecall { get; init; }

    /// <summary>
    /// The error of codes of entries added since the tier was trained, as a multiple of that of the others: 1 when they are alike. Null for
    /// an index, or when no such entry is left.
    /// </summary>
    public double? Drift { get; init; }

    /// <summary>True when the added entries are so unlike those that it was trained on that the tier is trained anew; never of one whose
    /// codec was given.</summary>
    public required bool HasDrifted { get; init; }

    /// <summary>The last entry there was; a new check is due when many follow, or when many are removed.</summary>
    public required long LastEntryId { get; init; }

    /// <summary>Entries of the space at that time; 0 when an earlier version checked.</summary>
    public long EntryCount { get; init; }
}
