using System.Text.Json;

namespace MultiVecRetrieval;

/// <summary>What was measured of a tier on queries that it was not trained with.</summary>
public sealed record TierCalibration
{
    /// <summary>Entries of the space at that time; budgets grow with the space.</summary>
    public required long EntryCount { get; init; }

    /// <summary>Queries measured.</summary>
    public required int QueryCount { get; init; }

    /// <summary><c>given</c>: queries that the user gave. <c>made</c>: made from rows of entries, with noise.</summary>
    public required string Queries { get; init; }

    /// <summary>Rows of a query, on average.</summary>
    public required double QueryRowCount { get; init; }

    /// <summary>Processor time to scan one entry's codes with one query row, in nanoseconds, on the machine that measured; 0 for an
    /// index.</summary>
    public required double NanosecondsPerEntryAndQueryRow { get; init; }

    /// <summary>Processor time to find one candidate for one query row in the index of one segment; 0 for codes.</summary>
    public double NanosecondsPerCandidateAndQueryRow { get; init; }

    /// <summary>Recall by number of hits and budget.</summary>
    public required IReadOnlyList<BudgetRecall> Budgets { get; init; }

    /// <summary>When; null when an earlier version measured.</summary>
    public DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>
    /// How far scores by codes lay from exact ones when the tier was first measured, as a share of these: rows of entries against their own
    /// entry. Null for an index.
    /// </summary>
    public double? ScoreError { get; init; }

    /// <summary>The last entry there was when <see cref="ScoreError"/> was measured; later ones were added since.</summary>
    public long LastEntryId { get; init; }

    /// <summary>What a later look at the tier found; null before there was one.</summary>
    public TierCheck? Check { get; init; }

    /// <summary>What its upper bounds prove; null when it has none, or an earlier version measured.</summary>
    public TierProof? Proof { get; init; }

    /// <summary>Recall behind a faster tier that was measured with the same queries.</summary>
    public IReadOnlyList<TierCascade> Cascades { get; init; } = [];

    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null when there is nothing or it cannot be read, which costs a new
    /// measurement.</summary>
    internal static TierCalibration? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<TierCalibration>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
