namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>What was found out about the folder of a reranker, and why.</summary>
public sealed record RerankerContract
{
    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The family of models it belongs to, for people: bert, xlm-roberta, remote.</summary>
    public required string Family { get; init; }

    /// <summary>True when it is asked over HTTP.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Tokens of query and document together that are read at most, with the special ones; null when the endpoint
    /// decides.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What was found, with the file that said so.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>What people should know before they use it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
