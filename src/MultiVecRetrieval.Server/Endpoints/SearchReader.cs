using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Reads a question of a request; every refusal names the parameter, and the setting that drew the line.</summary>
internal static class SearchReader
{
    private const int StandardTop = 10;
    private const int StandardCandidates = 50;

    /// <summary>The picture and the further parts of a question in JSON.</summary>
    /// <param name="body">The question.</param>
    /// <param name="prefix">The path of it in the body, with a dot at its end; empty for the body.</param>
    public static (byte[]? Image, QueryPart[] Parts) ReadParts(SearchBody body, string prefix)
    {
        QueryPart[] parts = [.. (body.Parts ?? []).Select((part, i) => part?.ToPart($"{prefix}parts[{i}]")
            ?? throw new InvalidQueryException($"{prefix}parts[{i}] is null; an object was expected.", $"{prefix}parts[{i}]"))];
        return (body.Image is null ? null : QueryPartBody.DecodeImage($"{prefix}image", body.Image), parts);
    }

    /// <summary>The question with its options.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="body">What the request says.</param>
    /// <param name="image">A picture to look for; null for none.</param>
    /// <param name="parts">Further parts.</param>
    /// <param name="library">Where the entries are that it names.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="RequestException">Something in it cannot be taken.</exception>
    public static LibraryQuery Read(
        string collection, SearchParameters body, byte[]? image, QueryPart[] parts, Library library, ServerOptions options)
    {
        int top = Parameters.Limit("top", body.Top, StandardTop, options);
        int offset = body.Offset ?? 0;
        if (offset < 0)
        {
            throw RequestException.Invalid("offset", $"offset is {offset}; it must be at least 0.");
        }

        if (offset > options.MaxOffset)
        {
            throw RequestException.OverLimit("offset", "server:maxOffset", options.MaxOffset, offset);
        }

        string? text = string.IsNullOrWhiteSpace(body.Text) ? null : body.Text.Trim();
        if (text?.Length > options.MaxQueryLength)
        {
            throw RequestException.OverLimit("text", "server:maxQueryLength", options.MaxQueryLength, text.Length);
        }

        if (text is null && image is null && body.Entry is null && parts.Length == 0)
        {
            throw RequestException.Invalid("text", "Give a text, an image, an entry or parts, or several of these; none came.");
        }

        foreach (QueryPart part in parts)
        {
            if (part.Text?.Length > options.MaxQueryLength)
            {
                throw RequestException.OverLimit("parts", "server:maxQueryLength", options.MaxQueryLength, part.Text.Length);
            }
        }

        if (body.Tier?.Length > options.MaxQueryLength)
        {
            throw RequestException.OverLimit("tier", "server:maxQueryLength", options.MaxQueryLength, body.Tier.Length);
        }

        if (body.GroupSize is < 1 or > 100)
        {
            throw RequestException.Invalid("groupSize", $"groupSize is {body.GroupSize}; it must be in [1, 100].");
        }

        if (body.RowLimit is < 1)
        {
            throw RequestException.Invalid("rowLimit", $"rowLimit is {body.RowLimit}; it must be at least 1.");
        }

        Collection store = library.GetCollection(collection);
        foreach (string entry in parts.Select(part => part.Entry).Append(body.Entry).OfType<string>())
        {
            DocumentEndpoints.FindEntry(store, entry);
        }

        return new LibraryQuery
        {
            Collection = collection,
            Text = text,
            // Both a null array and a plain null would turn into empty memory, which is a picture of no bytes.
            ImageBytes = image is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(image),
            LikeEntry = body.Entry,
            Parts = parts,
            Combine = Parameters.Name<QueryCombination>("combine", body.Combine) ?? QueryCombination.Auto,
            DirectionScale = body.DirectionScale ?? 1,
            TextShare = body.TextShare ?? 0.5,
            Using = Parameters.Name<SearchSide>("using", body.Using) ?? SearchSide.Fused,
            Filter = Parameters.ParseFilter(body.Filter, options),
            Top = top,
            Offset = offset,
            Explain = body.Explain ?? true,
            Effort = ReadEffort(body),
            RowLimit = body.RowLimit,
            GroupSize = body.GroupSize,
            Fusion = SideFusion.From(body.Fusion, body.Weights),
            KeepsSnapshot = body.Snapshot == "keep",
            Snapshot = body.Snapshot is null or "" or "keep" ? null : body.Snapshot,
            MinScore = body.MinScore,
            MinEvidence = body.MinEvidence is null ? null : Parameters.Share("minEvidence", body.MinEvidence),
            Order = string.IsNullOrWhiteSpace(body.Sort) ? null : EntryOrder.Parse(body.Sort),
            Diversity = Parameters.Share("diversity", body.Diversity),
            Facets = Parameters.List(body.Facets),
            Task = string.IsNullOrWhiteSpace(body.Task) ? null : body.Task.Trim(),
            Rerank = ReadRerank(body, library),
        };
    }

    // Only names are taken: a path would let a caller make the server read any folder.
    private static RerankOptions? ReadRerank(SearchParameters body, Library library)
    {
        if (string.IsNullOrWhiteSpace(body.Rerank))
        {
            return body.RerankTop is null ? null : throw RequestException.Invalid("rerankTop", "rerankTop goes with rerank.");
        }

        return library.ListModels().Any(model => model.Name == body.Rerank && model.Reranker is not null)
            ? new RerankOptions { Model = body.Rerank, Candidates = body.RerankTop ?? StandardCandidates }
            : throw RequestException.Invalid(
                "rerank", $"There is no reranker '{body.Rerank}'; GET /v1/models lists the models (isReranker).");
    }

    private static SearchEffort ReadEffort(SearchParameters body)
    {
        try
        {
            return SearchEffort.From(body.Recall, body.Exact ?? false, body.Tier, body.Budgets);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw RequestException.Invalid(wrong.ParamName!, ErrorText.Get(wrong));
        }
    }
}
