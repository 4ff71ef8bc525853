namespace MultiVecRetrieval;

/// <summary>An answer with what it rests on.</summary>
public sealed record Answer
{
    /// <summary>What came of the question.</summary>
    public required AnswerState State { get; init; }

    /// <summary>What the model wrote, without citations of sources that it was not given; null when none was asked.</summary>
    public string? Text { get; init; }

    /// <summary>The citations of <see cref="Text"/> in its order, one for each time that a source is named.</summary>
    public IReadOnlyList<AnswerCitation> Citations { get; init; } = [];

    /// <summary>What the model was given.</summary>
    public required AnswerContext Context { get; init; }

    /// <summary>The model that was asked; null when none was.</summary>
    public string? Model { get; init; }

    /// <summary>For people: citations that were dropped, quotations that do not stand in their source, an answer that was cut.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
