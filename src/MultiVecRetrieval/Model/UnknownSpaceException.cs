namespace MultiVecRetrieval;

/// <summary>A collection has no space of that name.</summary>
/// <param name="space">The name that was asked for.</param>
/// <param name="known">The names that exist.</param>
public sealed class UnknownSpaceException(string space, IReadOnlyList<string> known)
    : Exception($"The collection has no space '{space}'; it has {(known.Count == 0 ? "none" : string.Join(", ", known))}.")
{
    /// <summary>The name that was asked for.</summary>
    public string Space { get; } = space;

    /// <summary>The names that exist.</summary>
    public IReadOnlyList<string> Known { get; } = known;
}
