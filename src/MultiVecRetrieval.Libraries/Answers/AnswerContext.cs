namespace MultiVecRetrieval;

/// <summary>What is given to a model: numbered sources within a budget.</summary>
public sealed record AnswerContext
{
    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>The sources, best first; empty when nothing likely was found.</summary>
    public required IReadOnlyList<AnswerSource> Sources { get; init; }

    /// <summary>Pictures of sources, when they are wanted.</summary>
    public IReadOnlyList<AnswerPicture> Pictures { get; init; } = [];

    /// <summary>Rules, sources and question as one text, to be given to any model.</summary>
    public required string Markdown { get; init; }

    /// <summary>Estimated tokens of the sources with their heads: one for every three bytes of UTF-8.</summary>
    public required int TokenCount { get; init; }

    /// <summary>The budget.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>For people: what the search could not do, and what did not fit.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
