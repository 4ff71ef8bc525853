namespace MultiVecRetrieval.Server.Bodies;

/// <summary>How a new collection is made.</summary>
public sealed record CreateCollectionBody
{
    /// <summary>Names of models; empty for the bundled default.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
}
