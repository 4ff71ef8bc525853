namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What to tune and how.</summary>
public sealed record TuneBody
{
    /// <summary>The vector space. Default: the first.</summary>
    public string? Space { get; init; }

    /// <summary>The recall@10 wanted, in (0, 1]. Default 0.95.</summary>
    public double? Recall { get; init; }

    /// <summary>Tiers to try; empty for a list that suits the space.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Queries as people write them; empty for logged ones, or ones made from the collection.</summary>
    public IReadOnlyList<string> Queries { get; init; } = [];

    /// <summary>Whether to build the recommended tier and use it from then on. Default false.</summary>
    public bool Apply { get; init; }
}
