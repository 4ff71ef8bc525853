namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A question, its text, with the options of a search, and how it is to be answered.</summary>
public sealed record AnswerRequestBody : SearchBody
{
    /// <summary>Whether the context alone is wanted and no model asked. Default false.</summary>
    public bool? ContextOnly { get; init; }

    /// <summary>Estimated tokens of all sources, at least 64. Default, and most: the setting answer:maxContextTokens.</summary>
    public int? MaxContextTokens { get; init; }

    /// <summary>Whether pictures of sources go along. Default: the setting answer:pictures.</summary>
    public bool? Pictures { get; init; }

    /// <summary>Whether the answer comes as server-sent events: context, delta, end. Default false.</summary>
    public bool? Stream { get; init; }
}
