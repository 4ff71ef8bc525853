namespace MultiVecRetrieval;

/// <summary>True where every part is; true without parts.</summary>
/// <param name="Parts">The parts.</param>
public sealed record AndFilter(IReadOnlyList<Filter> Parts) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(" and ", Parts)})";
}
