namespace MultiVecRetrieval;

/// <summary>A question that is to be answered from a collection.</summary>
public sealed record AnswerRequest
{
    /// <summary>What is searched for; its <see cref="LibraryQuery.Text"/> is the question. Likely hits become sources: the best one of each
    /// document first. Where it has no <see cref="SearchOptions.GroupSize"/>, three of a document.</summary>
    public required LibraryQuery Search { get; init; }

    /// <summary>Gives the context alone and asks no model. Default false.</summary>
    public bool IsContextOnly { get; init; }

    /// <summary>Tokens of all sources; null, the default, takes <see cref="AnswerOptions.MaxContextTokens"/>, which is also the
    /// most.</summary>
    public int? MaxContextTokens { get; init; }

    /// <summary>Whether pictures go along; null, the default, takes <see cref="AnswerOptions.Pictures"/>.</summary>
    public bool? Pictures { get; init; }
}
