namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Where the attention of a graph stands that does not give it out: nodes whose results become outputs when the graph is
/// loaded.</summary>
internal sealed record AttentionDescription
{
    /// <summary>Names of Softmax nodes, or of their results, [batch, heads, tokens, tokens].</summary>
    public IReadOnlyList<string>? Nodes { get; init; }

    /// <summary>In place of names: the last so many Softmax nodes of the graph.</summary>
    public int? LastLayers { get; init; }

    /// <summary>The token whose attention is meant, 0 for the class token of a vision transformer; by default the mean over all
    /// tokens.</summary>
    public int? From { get; init; }
}
