namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The values of a field, the most frequent first.</summary>
/// <param name="Field">The field.</param>
/// <param name="Values">The values, at most 20.</param>
/// <param name="OtherCount">How many further values there are.</param>
public sealed record FacetBody(string Field, IReadOnlyList<FacetValueBody> Values, long OtherCount)
{
    /// <summary>Maps a facet.</summary>
    public static FacetBody From(Facet facet)
    {
        ArgumentNullException.ThrowIfNull(facet);
        return new FacetBody(
            facet.Field,
            [.. facet.Values.Select(value => new FacetValueBody(value.Value.Value, value.Count, value.Filter.ToString()!))],
            facet.OtherCount);
    }
}
