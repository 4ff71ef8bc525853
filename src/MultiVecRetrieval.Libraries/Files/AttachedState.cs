namespace MultiVecRetrieval;

/// <summary>How far a file of a collection is.</summary>
public enum AttachedState
{
    /// <summary>A job is to read it, or reads it.</summary>
    InProgress,

    /// <summary>It is found by searches.</summary>
    Completed,

    /// <summary>It cannot be read, or is not of a type that is.</summary>
    Failed,

    /// <summary>The job ended before it came to it.</summary>
    Cancelled,
}
