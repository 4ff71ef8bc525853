namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Records to store in one commit.</summary>
public sealed record RecordsBody
{
    /// <summary>The records; each takes the place of the one of its key.</summary>
    public required IReadOnlyList<RecordBody> Records { get; init; }
}
