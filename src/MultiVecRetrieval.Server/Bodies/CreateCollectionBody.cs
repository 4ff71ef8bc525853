namespace MultiVecRetrieval.Server.Bodies;

/// <summary>How a new collection is made.</summary>
public sealed record CreateCollectionBody
{
    /// <summary>Names of models; empty for the bundled default.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Spaces for vectors that clients bring, in place of models.</summary>
    public IReadOnlyList<VectorSpecBody> Vectors { get; init; } = [];

    /// <summary>How the rows of an entry are made fewer before they are stored, for instance ward:3; null for the server's
    /// setting.</summary>
    public string? Reduction { get; init; }
}
