namespace MultiVecRetrieval;

/// <summary>A step of an answer that is followed while it is written; exactly one member is there. First the context, then pieces of text,
/// at last the answer.</summary>
public sealed record AnswerUpdate
{
    /// <summary>What the model is given.</summary>
    public AnswerContext? Context { get; init; }

    /// <summary>The next piece of the text. Together they are the text of the answer.</summary>
    public string? Text { get; init; }

    /// <summary>The answer with its citations.</summary>
    public Answer? Answer { get; init; }
}
