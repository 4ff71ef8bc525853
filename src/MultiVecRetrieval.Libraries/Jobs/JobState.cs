namespace MultiVecRetrieval;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>It waits for another job of its collection.</summary>
    Queued,

    /// <summary>It is being done.</summary>
    Running,

    /// <summary>It ended; its report says what came of it.</summary>
    Succeeded,

    /// <summary>It ended early; its error says why.</summary>
    Failed,

    /// <summary>It was asked to stop; what it had finished is kept.</summary>
    Cancelled,

    /// <summary>The process ended before it did; what it had finished is kept.</summary>
    Interrupted,
}
