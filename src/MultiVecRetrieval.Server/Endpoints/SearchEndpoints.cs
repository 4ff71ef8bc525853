using System.Text.Json;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Searches by text, by picture and by a stored entry.</summary>
internal static class SearchEndpoints
{
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
        int count = body.Searches?.Count ?? 0;
        if (count is 0 or > MaxSearches)
        {
            throw RequestException.Invalid("searches", $"There are {count} searches; it takes 1 to {MaxSearches}.");
        }

        List<SearchResultBody> results = [];
        for (int i = 0; i < count; i++)
        {
            SearchBody search = body.Searches![i]
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
        (byte[]? image, QueryPart[] parts) = SearchReader.ReadParts(body, prefix);
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
        LibraryQuery query = SearchReader.Read(collection, body, image, parts, library, options);
        Collection store = library.GetCollection(collection);
        SearchResult result = await library.SearchAsync(query, cancellationToken);
        return SearchResultBody.From(result, query.Offset, new EntryLinks(collection), entry => TextExcerpt.Of(entry, store));
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
