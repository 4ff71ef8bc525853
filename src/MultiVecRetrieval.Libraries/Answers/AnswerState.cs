namespace MultiVecRetrieval;

/// <summary>What came of a question.</summary>
public enum AnswerState
{
    /// <summary>The model answered.</summary>
    Answered,

    /// <summary>The context is there and no model was asked: none is set, or only the context was wanted.</summary>
    ContextOnly,

    /// <summary>Nothing was found that is likely to answer; no model was asked.</summary>
    NothingFound,
}
