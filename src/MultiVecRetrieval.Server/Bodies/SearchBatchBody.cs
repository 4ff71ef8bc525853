namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Several searches in one request.</summary>
public sealed record SearchBatchBody
{
    /// <summary>The searches, 1 to 100.</summary>
    public required IReadOnlyList<SearchBody> Searches { get; init; }
}
