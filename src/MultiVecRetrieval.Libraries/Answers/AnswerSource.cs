using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A source of an answer: a page, a picture, a part of a text or a moment of a video.</summary>
public sealed record AnswerSource
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The entry.</summary>
    public required Entry Entry { get; init; }

    /// <summary>The document of the entry.</summary>
    public required Document Document { get; init; }

    /// <summary>What the model reads of it: the passage that was found with as much around it as the budget holds. Of what has no text the
    /// metadata.</summary>
    public required string Text { get; init; }

    /// <summary>The passage that was found; null when the source was found by sight alone.</summary>
    public HitPassage? Passage { get; init; }

    /// <summary>Where the source answers: the lines of the passage, else the places that matched; empty when it is the whole
    /// entry.</summary>
    public IReadOnlyList<Place> Places { get; init; } = [];

    /// <summary>Start of the moment in seconds; null when it is none of a video.</summary>
    public double? StartSeconds { get; init; }

    /// <summary>End of the moment in seconds; null when it is none of a video.</summary>
    public double? EndSeconds { get; init; }

    /// <summary>Score of the hit.</summary>
    public required double Score { get; init; }

    /// <summary>True when the entry has more text than <see cref="Text"/>.</summary>
    public bool IsCut { get; init; }
}
