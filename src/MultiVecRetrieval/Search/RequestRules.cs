namespace MultiVecRetrieval.Search;

/// <summary>What a search request must meet, checked once where it enters.</summary>
internal static class RequestRules
{
    /// <exception cref="ArgumentException">The request asks for nothing, or a value is out of its range.</exception>
    public static void Check(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        if (request.Parts.Count > 0
            && request is not { Vectors.Count: 0, Text: null, Fingerprint: null, ContentHash: null })
        {
            throw new ArgumentException("The request has parts and sides beside them; put the sides into a part.", nameof(request));
        }

        foreach (SearchPart part in request.AllParts)
        {
            CheckPart(part);
        }

        if (request.AllParts.All(part => part.IsExcluded))
        {
            throw new ArgumentException("Every part of the request is excluded; at least one says what is looked for.", nameof(request));
        }
    }

    private static void CheckPart(SearchPart part)
    {
        if (part.Vectors.Count == 0 && part.Text is null && !part.AsksForCopies)
        {
            throw new ArgumentException("The request has neither vectors nor text nor a fingerprint nor a content hash.", nameof(part));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(part.MaxFingerprintDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part.MaxFingerprintDistance, 64);
        if (!(part.Weight is > 0 and <= SearchPart.MaxWeight))
        {
            throw new ArgumentOutOfRangeException(nameof(part), part.Weight,
                $"The weight of a part is {part.Weight}; it is in (0, {SearchPart.MaxWeight}].");
        }

        foreach (VectorQuery query in part.Vectors)
        {
            CheckQuery(query);
        }

        if (part.Vectors.Select(query => query.Space).Distinct().Count() != part.Vectors.Count)
        {
            throw new ArgumentException("Two queries of one part name the same space.", nameof(part));
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

        int explained = query.ExplainedBy?.RowCount ?? query.Rows.RowCount;
        if (query.Labels.Count != 0 && query.Labels.Count != explained)
        {
            throw new ArgumentException($"{query.Labels.Count} labels were given for {explained} query rows.", nameof(query));
        }

        if (query.ExplainedBy is { } other)
        {
            if (other.Dimension != query.Rows.Dimension)
            {
                throw new DimensionMismatchException(query.Space, query.Rows.Dimension, other.Dimension);
            }

            EntryRules.CheckFinite(other, $"What explains the query for space '{query.Space}'");
        }

        if (query.RowWeights.Count != 0
            && (query.RowWeights.Count != query.Rows.RowCount || query.RowWeights.Any(weight => !(float.IsFinite(weight) && weight > 0))))
        {
            throw new ArgumentException(
                $"{query.RowWeights.Count} weights were given for {query.Rows.RowCount} query rows; each is finite and above 0.",
                nameof(query));
        }

        EntryRules.CheckFinite(query.Rows, $"The query for space '{query.Space}'");
    }
}
