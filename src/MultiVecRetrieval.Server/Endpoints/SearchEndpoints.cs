using System.Text.Json;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Searches by text, by picture and by a stored entry.</summary>
internal static class SearchEndpoints
{
    private const int StandardTop = 10;
    private const int MaxSearches = 100;

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapPost("/search", PostAsync)
            .WithName("search")
            .WithSummary("Searches by texts, pictures and stored entries, each with a role, a weight and a region.")
            .WithDescription("As JSON, or as multipart/form-data with the picture as the file 'image' and the other members as fields.")
            .WithTags("search").WithMetadata(ReadRoute.Marker)
            .Accepts<SearchBody>("application/json", "multipart/form-data")
            .Produces<SearchResultBody>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .DisableAntiforgery();
        collections.MapPost("/search/batch", PostBatchAsync)
            .WithName("searchBatch").WithSummary("Runs several searches, one after the other.").WithTags("search").WithMetadata(ReadRoute.Marker)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        collections.MapGet("/search", GetAsync)
            .WithName("searchByText").WithSummary("Searches by text, or by a stored entry, in one address.").WithTags("search")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<SearchBatchResultBody> PostBatchAsync(
        string collection, SearchBatchBody body, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        if (body.Searches.Count is 0 or > MaxSearches)
        {
            throw RequestException.Invalid("searches", $"There are {body.Searches.Count} searches; it takes 1 to {MaxSearches}.");
        }

        List<SearchResultBody> results = [];
        for (int i = 0; i < body.Searches.Count; i++)
        {
            SearchBody search = body.Searches[i]
                ?? throw RequestException.Invalid($"searches[{i}]", $"searches[{i}] is null; an object was expected.");
            results.Add(await SearchAsync(collection, search, library, options, $"searches[{i}].", cancellationToken));
        }

        return new SearchBatchResultBody(results);
    }

    private static async Task<SearchResultBody> PostAsync(string collection, HttpRequest request, Library library, ServerOptions options,
        JsonSerializerOptions json)
    {
        CancellationToken aborted = request.HttpContext.RequestAborted;
        if (request.HasFormContentType)
        {
            (SearchParameters fields, byte[]? image) = await ReadFormAsync(request, aborted);
            return await SearchAsync(collection, fields, image, [], library, options, aborted);
        }

        if (!request.HasJsonContentType())
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-content-type",
                $"The body is '{request.ContentType}'; send application/json or multipart/form-data.");
        }

        SearchBody body = await request.ReadFromJsonAsync<SearchBody>(json, aborted)
            ?? throw RequestException.Invalid("$", "The body is null; an object was expected.");
        return await SearchAsync(collection, body, library, options, prefix: "", aborted);
    }

    private static Task<SearchResultBody> SearchAsync(
        string collection, SearchBody body, Library library, ServerOptions options, string prefix, CancellationToken cancellationToken)
    {
        QueryPart[] parts = [.. (body.Parts ?? []).Select((part, i) => part?.ToPart($"{prefix}parts[{i}]")
            ?? throw new InvalidQueryException($"{prefix}parts[{i}] is null; an object was expected.", $"{prefix}parts[{i}]"))];
        byte[]? image = body.Image is null ? null : QueryPartBody.DecodeImage($"{prefix}image", body.Image);
        return SearchAsync(collection, body, image, parts, library, options, cancellationToken);
    }

    private static Task<SearchResultBody> GetAsync(
        string collection, [AsParameters] SearchParameters parameters, Library library, ServerOptions options,
        CancellationToken cancellationToken) =>
        SearchAsync(collection, parameters, image: null, [], library, options, cancellationToken);

    private static async Task<SearchResultBody> SearchAsync(
        string collection, SearchParameters body, byte[]? image, QueryPart[] parts, Library library, ServerOptions options,
        CancellationToken cancellationToken)
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

        SearchResult result = await library.SearchAsync(
            new LibraryQuery
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
                Order = string.IsNullOrWhiteSpace(body.Sort) ? null : EntryOrder.Parse(body.Sort),
                Diversity = Parameters.Share("diversity", body.Diversity),
                Facets = Parameters.List(body.Facets),
            },
            cancellationToken);
        return SearchResultBody.From(result, offset, new EntryLinks(collection), entry => TextExcerpt.Of(entry, store));
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

    private static async Task<(SearchParameters Fields, byte[]? Image)> ReadFormAsync(HttpRequest request,
        CancellationToken cancellationToken)
    {
        IFormCollection form = await ReadAsync();
        if (form.Files.Count > 1 || form.Files.Any(file => file.Name != "image"))
        {
            throw RequestException.Invalid("image", "Send one file, named image.");
        }

        SearchParameters fields = FormFields.Read(form);
        if (form.Files.Count == 0)
        {
            return (fields, null);
        }

        using MemoryStream bytes = new();
        await form.Files[0].CopyToAsync(bytes, cancellationToken);
        return (fields, bytes.ToArray());

        async Task<IFormCollection> ReadAsync()
        {
            try
            {
                return await request.ReadFormAsync(cancellationToken);
            }
            catch (InvalidDataException e)
            {
                throw RequestException.Invalid("$", $"The form cannot be read: {e.Message}");
            }
        }
    }
}
