namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Hands the tiers and budgets that a question names to the spaces that have them.</summary>
internal static class NamedTiers
{
    /// <summary>The queries, of which those to spaces with the tiers name them.</summary>
    /// <exception cref="TierChoiceException">Several spaces are searched, and none has the tiers. Of a single space the engine says
    /// so.</exception>
    public static IReadOnlyList<VectorQuery> Apply(Collection collection, LibraryQuery query, IReadOnlyList<VectorQuery> queries)
    {
        if (query.Tier is not { } wanted)
        {
            return query.Budgets.Count == 0 ? queries : [.. queries.Select(vectors => vectors with { Budgets = query.Budgets })];
        }

        string[] specs = [.. wanted.Split('>').Select(spec => spec.Trim())];
        bool HasAll(VectorQuery vectors) => specs.All(spec => collection.GetTiers(vectors.Space).Any(tier => tier.Spec == spec));
        if (queries.Count > 1 && !queries.Any(HasAll))
        {
            throw new TierChoiceException(
                "tier", $"No space has the tiers '{wanted}': {string.Join("; ", queries.Select(vectors => $"{vectors.Space} has {List(collection, vectors.Space)}"))}.");
        }

        return [.. queries.Select(vectors => queries.Count == 1
            || HasAll(vectors) ? vectors with { Tier = wanted, Budgets = query.Budgets } : vectors)];
    }

    private static string List(Collection collection, string space) =>
        collection.GetTiers(space) is { Count: > 0 } tiers ? string.Join(", ", tiers.Select(tier => tier.Spec).Distinct()) : "none";
}
