namespace MultiVecRetrieval;

/// <summary>True where its part is not.</summary>
/// <param name="Part">The part.</param>
public sealed record NotFilter(Filter Part) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => $"not {Part}";
}
