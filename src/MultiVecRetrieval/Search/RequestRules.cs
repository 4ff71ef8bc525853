namespace MultiVecRetrieval.Search;

/// <summary>What a search request must meet, checked once where it enters.</summary>
internal static class RequestRules
{
    public static int CountSides(SearchRequest request) =>
        request.Vectors.Count + (request.Text is null ? 0 : 1) + (request.Fingerprint is null && request.ContentHash is null ? 0 : 1);

    /// <exception cref="ArgumentException">The request asks for nothing, or a value is out of its range.</exception>
    public static void Check(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Top);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Offset);
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxFingerprintDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.MaxFingerprintDistance, 64);
        if (request.RowLimit is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.RowLimit, "The row limit is at least 1.");
        }

        if (CountSides(request) == 0)
        {
            throw new ArgumentException("The request has neither vectors nor text nor a fingerprint nor a content hash.", nameof(request));
        }

        if (request.Recall is { } recall && !(recall > 0 && recall <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(request), recall, "Recall is in (0, 1].");
        }

        if (request is { Exact: true, Certified: true })
        {
            throw new ArgumentException("A request is either exact or certified, not both.", nameof(request));
        }

        foreach (VectorQuery query in request.Vectors)
        {
            CheckQuery(query, request);
        }

        if (request.Vectors.Select(query => query.Space).Distinct().Count() != request.Vectors.Count)
        {
            throw new ArgumentException("Two queries name the same space.", nameof(request));
        }
    }

    private static void CheckBudgets(VectorQuery query, bool isCertified)
    {
        if (query.Budgets.Count == 0)
        {
            return;
        }

        int tierCount = query.Tier?.Split(SearchPlanner.Separator).Length ?? (isCertified ? 1 : 0);
        string given = string.Join(", ", query.Budgets);
        string? problem = query.Budget is not null
            ? $"one budget ({query.Budget}) and a list of them ({given}) were given; one of the two is enough."
            : tierCount == 0 ? $"budgets ({given}) are for tiers that are named, or for a certified search."
            : query.Budgets.Count != tierCount
                ? $"{query.Budgets.Count} budgets ({given}) were given for {tierCount} tiers ({query.Tier ?? "certified"}); each tier has one."
            : query.Budgets.Any(budget => budget < 1) ? $"a budget is at least 1; {given} were given."
            : query.Budgets.Zip(query.Budgets.Skip(1)).Any(pair => pair.First < pair.Second)
                ? $"budgets do not grow, as each tier chooses among the candidates of the one before; {given} were given."
            : null;
        if (problem is not null)
        {
            throw new TierChoiceException("budgets", $"For space '{query.Space}' {problem}");
        }
    }

    private static void CheckQuery(VectorQuery query, SearchRequest request)
    {
        if (query.Budget is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.Budget, $"The budget for space '{query.Space}' is at least 1.");
        }

        if (query.Tier is not null && request.Exact)
        {
            throw new TierChoiceException("tier", $"An exact search uses no tier; '{query.Tier}' was named for space '{query.Space}'.");
        }

        CheckBudgets(query, request.Certified);

        if (!(float.IsFinite(query.Weight) && query.Weight > 0))
        {
            throw new ArgumentException($"The weight of space '{query.Space}' is {query.Weight}; it is finite and above 0.", nameof(query));
        }

        if (query.Labels.Count != 0 && query.Labels.Count != query.Rows.RowCount)
        {
            throw new ArgumentException($"{query.Labels.Count} labels were given for {query.Rows.RowCount} query rows.", nameof(query));
        }

        EntryRules.CheckFinite(query.Rows, $"The query for space '{query.Space}'");
    }
}
