namespace MultiVecRetrieval.Search;

/// <summary>What a search request must meet, checked once where it enters.</summary>
internal static class RequestRules
{
    public static int CountSides(SearchRequest request) =>
        request.Vectors.Count + (request.Text is null ? 0 : 1) + (request.Fingerprint is null && request.ContentHash is null ? 0 : 1);

    /// <summary>True when the request has words and an example, both of which an answer meets.</summary>
    public static bool HasParts(SearchRequest request) =>
        (request.Text is not null || request.Vectors.Any(query => query.Part == QuestionPart.Words))
        && (request.Fingerprint is not null || request.ContentHash is not null
            || request.Vectors.Any(query => query.Part == QuestionPart.Example));

    /// <exception cref="ArgumentException">The request asks for nothing, or a value is out of its range.</exception>
    public static void Check(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxFingerprintDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.MaxFingerprintDistance, 64);
        if (CountSides(request) == 0)
        {
            throw new ArgumentException("The request has neither vectors nor text nor a fingerprint nor a content hash.", nameof(request));
        }

        foreach (VectorQuery query in request.Vectors)
        {
            CheckQuery(query);
        }

        if (request.Vectors.Select(query => query.Space).Distinct().Count() != request.Vectors.Count)
        {
            throw new ArgumentException("Two queries name the same space.", nameof(request));
        }
    }

    private static void CheckQuery(VectorQuery query)
    {
        if (!(float.IsFinite(query.Weight) && query.Weight > 0))
        {
            throw new ArgumentException($"The weight of space '{query.Space}' is {query.Weight}; it is finite and above 0.", nameof(query));
        }

        if (!(query.PresenceWidth > 0) || query.Presence is { } presence && !double.IsFinite(presence))
        {
            throw new ArgumentException(
                $"The presence of space '{query.Space}' is {query.Presence} within {query.PresenceWidth}; it is finite and its width above 0.",
                nameof(query));
        }

        if (query.Labels.Count != 0 && query.Labels.Count != query.Rows.RowCount)
        {
            throw new ArgumentException($"{query.Labels.Count} labels were given for {query.Rows.RowCount} query rows.", nameof(query));
        }

        EntryRules.CheckFinite(query.Rows, $"The query for space '{query.Space}'");
    }
}
