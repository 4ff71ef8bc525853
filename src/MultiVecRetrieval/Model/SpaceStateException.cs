namespace MultiVecRetrieval;

/// <summary>A space is not in the state that a change of it needs.</summary>
/// <param name="message">What it is, and what would be accepted.</param>
public sealed class SpaceStateException(string message) : InvalidOperationException(message);
