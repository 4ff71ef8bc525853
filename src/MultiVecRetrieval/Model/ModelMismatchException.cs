using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>Vectors of one encoder meet a space of another.</summary>
/// <param name="space">The name of the space.</param>
/// <param name="expected">The identity that the space has.</param>
/// <param name="actual">The identity that was brought.</param>
public sealed class ModelMismatchException(string space, SpaceId expected, SpaceId actual)
    : Exception($"Space '{space}' holds vectors of {expected}; the query or document brings {actual}.")
{
    /// <summary>The name of the space.</summary>
    public string Space { get; } = space;

    /// <summary>The identity that the space has.</summary>
    public SpaceId Expected { get; } = expected;

    /// <summary>The identity that was brought.</summary>
    public SpaceId Actual { get; } = actual;
}
