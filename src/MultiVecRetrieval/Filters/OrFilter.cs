namespace MultiVecRetrieval;

/// <summary>True where any part is; false without parts.</summary>
/// <param name="Parts">The parts.</param>
public sealed record OrFilter(IReadOnlyList<Filter> Parts) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(" or ", Parts)})";
}
