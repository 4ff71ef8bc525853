namespace MultiVecRetrieval;

/// <summary>What tuning measured.</summary>
public sealed record TuneReport
{
    /// <summary>The space.</summary>
    public required string Space { get; init; }

    /// <summary>Entries of the space.</summary>
    public required long EntryCount { get; init; }

    /// <summary>Entries measured on.</summary>
    public required int SampledEntryCount { get; init; }

    /// <summary>Queries that chose the budgets.</summary>
    public required int TuningQueryCount { get; init; }

    /// <summary>Other queries, that verified the choice.</summary>
    public required int HeldOutQueryCount { get; init; }

    /// <summary>Where the queries came from, for people.</summary>
    public required string QueriesFrom { get; init; }

    /// <summary>The recall wanted.</summary>
    public required double Recall { get; init; }

    /// <summary>The number of hits a search asks for.</summary>
    public required int Top { get; init; }

    /// <summary>Bytes of exact rows per entry.</summary>
    public required double ExactBytesPerEntry { get; init; }

    /// <summary>Milliseconds of one exact search over all entries of the space on one thread: measured on the sample, scaled by
    /// entries.</summary>
    public required double ExactMs { get; init; }

    /// <summary>One line per tier, fastest first.</summary>
    public required IReadOnlyList<TierMeasurement> Tiers { get; init; }

    /// <summary>The tier to use; null when the exact scan is the better choice.</summary>
    public required string? Recommended { get; init; }

    /// <summary>Why, for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>How one tier did as the first stage of a search whose best candidates are scored exactly.</summary>
/// <param name="Tier">Its spec.</param>
/// <param name="BytesPerEntry">Bytes of codes per entry.</param>
/// <param name="TrainSeconds">Seconds of training.</param>
/// <param name="EncodeMsPerEntry">Milliseconds of encoding one entry, or of adding it to an index.</param>
/// <param name="Budget">The fewest candidates scored exactly with which the tuning queries reached the recall wanted; all entries when none
/// did.</param>
/// <param name="Milliseconds">One search over all entries of the space on one thread, scan and exact scores; measured on the sample, scaled
/// by entries.</param>
/// <param name="Recall">recall@Top against exact on the held-out queries, at that budget.</param>
/// <param name="RecallLow">Lower end of its 95 % interval (bootstrap over queries).</param>
/// <param name="RecallHigh">Upper end of its 95 % interval.</param>
/// <param name="IsParetoOptimal">True when it is faster than an exact search, and no other tier that reached the recall is at once smaller
/// and faster.</param>
/// <param name="Problem">Why it could not be measured; null when it was.</param>
public sealed record TierMeasurement(
    string Tier,
    double BytesPerEntry,
    double TrainSeconds,
    double EncodeMsPerEntry,
    int Budget,
    double Milliseconds,
    double Recall,
    double RecallLow,
    double RecallHigh,
    bool IsParetoOptimal,
    string? Problem = null);
