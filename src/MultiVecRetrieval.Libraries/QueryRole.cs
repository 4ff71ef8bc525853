namespace MultiVecRetrieval;

/// <summary>What a part of a question is in it.</summary>
public enum QueryRole
{
    /// <summary>What is looked for.</summary>
    Subject,

    /// <summary>How the subject is to be different: "at night", "but in red".</summary>
    Modifier,

    /// <summary>What the subject shows, in words: the modifier changes that. It helps to find an answer and is not demanded of it: it
    /// counts half.</summary>
    Context,

    /// <summary>What an answer must not show. Its direction is projected out of the query, and what meets it loses its place.</summary>
    Exclude,
}
