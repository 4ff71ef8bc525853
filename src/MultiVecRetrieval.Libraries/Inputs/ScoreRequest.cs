namespace MultiVecRetrieval;

/// <summary>Queries and documents that a model is to compare.</summary>
public sealed record ScoreRequest
{
    /// <summary>Name or folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>One query for all documents, or as many as there are documents.</summary>
    public required IReadOnlyList<EncodeInput> Queries { get; init; }

    /// <summary>The documents.</summary>
    public required IReadOnlyList<EncodeInput> Documents { get; init; }

    /// <summary>As of <see cref="EncodeRequest.Truncates"/>.</summary>
    public bool Truncates { get; init; }
}
