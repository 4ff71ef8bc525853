using System.Buffers.Text;
using System.Text.Json;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Searches by text, by picture and by a stored entry.</summary>
internal static class SearchEndpoints
{
    private const int StandardTop = 10;

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapPost("/search", Post)
            .WithName("search")
            .WithSummary("Searches by text, picture or stored entry.")
            .WithDescription("As JSON, or as multipart/form-data with the picture as the file 'image' and the other members as fields.")
            .WithTags("search")
            .Accepts<SearchBody>("application/json", "multipart/form-data")
            .Produces<SearchResultBody>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .DisableAntiforgery();
        collections.MapGet("/search", Get)
            .WithName("searchByText").WithSummary("Searches by text, or by a stored entry, in one address.").WithTags("search")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<SearchResultBody> Post(string collection, HttpRequest request, Library library, ServerOptions options,
        JsonSerializerOptions json)
    {
        CancellationToken aborted = request.HttpContext.RequestAborted;
        if (request.HasFormContentType)
        {
            (SearchBody fields, byte[]? image) = await ReadFormAsync(request, aborted);
            return Search(collection, fields, image, library, options, aborted);
        }

        if (!request.HasJsonContentType())
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-content-type",
                $"The body is '{request.ContentType}'; send application/json or multipart/form-data.");
        }

        SearchBody body = await request.ReadFromJsonAsync<SearchBody>(json, aborted)
            ?? throw RequestException.Invalid("$", "The body is null; an object was expected.");
        return Search(collection, body, body.Image is null ? null : DecodeImage(body.Image), library, options, aborted);
    }

    private static SearchResultBody Get(
        string collection, string? q, string? entry, string? @using, string? filter, int? top, int? offset, bool? explain,
        double? recall, bool? exact, bool? certified, int? rowLimit, string? tier, int[]? budgets,
        Library library, ServerOptions options, CancellationToken cancellationToken) =>
        Search(
            collection,
            new SearchBody
            {
                Text = q,
                Entry = entry,
                Using = @using,
                Filter = filter,
                Top = top,
                Offset = offset,
                Explain = explain,
                Recall = recall,
                Exact = exact,
                Certified = certified,
                RowLimit = rowLimit,
                Tier = tier,
                Budgets = budgets,
            },
            image: null, library, options, cancellationToken);

    private static SearchResultBody Search(
        string collection, SearchBody body, byte[]? image, Library library, ServerOptions options, CancellationToken cancellationToken)
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

        int given = (text is null ? 0 : 1) + (image is null ? 0 : 1) + (body.Entry is null ? 0 : 1);
        if (given != 1)
        {
            throw RequestException.Invalid("text", $"Give exactly one of text, image and entry; {given} came.");
        }

        if (body.Recall is not (null or (> 0 and <= 1)))
        {
            throw RequestException.Invalid("recall", $"recall is {body.Recall}; it must be in (0, 1].");
        }

        if ((body.Recall is null ? 0 : 1) + (body.Exact is true ? 1 : 0) + (body.Certified is true ? 1 : 0) > 1)
        {
            throw RequestException.Invalid("recall", "Give at most one of recall, exact and certified.");
        }

        if (body.Tier is not null && (body.Recall is not null || body.Exact is true))
        {
            throw RequestException.Invalid("tier", "tier says how to search; recall and exact say something else.");
        }

        if (body.Tier?.Length > options.MaxQueryLength)
        {
            throw RequestException.OverLimit("tier", "server:maxQueryLength", options.MaxQueryLength, body.Tier.Length);
        }

        if (body.Budgets is { Count: > 0 } && body.Tier is null && body.Certified is not true)
        {
            throw RequestException.Invalid("budgets", "budgets are for the tiers that tier names, or for a certified search.");
        }

        if (body.RowLimit is < 1)
        {
            throw RequestException.Invalid("rowLimit", $"rowLimit is {body.RowLimit}; it must be at least 1.");
        }

        Collection store = library.GetCollection(collection);
        if (body.Entry is not null)
        {
            DocumentEndpoints.FindEntry(store, body.Entry);
        }

        SearchResult result = library.Search(
            new LibraryQuery
            {
                Collection = collection,
                Text = text,
                // Both a null array and a plain null would turn into empty memory, which is a picture of no bytes.
                ImageBytes = image is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(image),
                LikeEntry = body.Entry,
                Using = Parameters.Name<SearchSide>("using", body.Using) ?? SearchSide.Fused,
                Filter = Parameters.ParseFilter(body.Filter, options),
                Top = top + 1,
                Offset = offset,
                Explain = body.Explain ?? true,
                Recall = body.Recall,
                Exact = body.Exact ?? false,
                Certified = body.Certified ?? false,
                RowLimit = body.RowLimit,
                Tier = body.Tier,
                Budgets = body.Budgets ?? [],
            },
            cancellationToken);
        return SearchResultBody.From(result, top, offset, new EntryLinks(collection));
    }

    // Base64 is decoded here, once; what the bytes are is for the decoder to find out.
    private static byte[] DecodeImage(string image)
    {
        int comma = image.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? image.IndexOf(',', StringComparison.Ordinal) : -1;
        ReadOnlySpan<char> encoded = image.AsSpan(comma + 1);
        if (!Base64.IsValid(encoded, out int length) || length == 0)
        {
            throw RequestException.Invalid("image", "image is neither base64 nor a data URI with base64.");
        }

        return Convert.FromBase64String(encoded.ToString());
    }

    private static async Task<(SearchBody Fields, byte[]? Image)> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await ReadAsync();
        string[] known =
            ["text", "entry", "using", "filter", "top", "offset", "explain", "recall", "exact", "certified", "rowLimit", "tier", "budgets"];
        if (form.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw RequestException.Invalid(unknown,
                $"There is no field '{unknown}'; known are image (a file), {string.Join(", ", known)}.");
        }

        if (form.Files.Count > 1 || form.Files.Any(file => file.Name != "image"))
        {
            throw RequestException.Invalid("image", "Send one file, named image.");
        }

        SearchBody fields = new()
        {
            Text = Field("text"),
            Entry = Field("entry"),
            Using = Field("using"),
            Filter = Field("filter"),
            Top = Number("top"),
            Offset = Number("offset"),
            Explain = Truth("explain"),
            Recall = Field("recall") is not { } recall ? null
                : double.TryParse(recall, System.Globalization.CultureInfo.InvariantCulture, out double share)
                    ? share : throw RequestException.Invalid("recall", $"recall is '{recall}'; it must be a number."),
            Exact = Truth("exact"),
            Certified = Truth("certified"),
            RowLimit = Number("rowLimit"),
            Tier = Field("tier"),
            Budgets = Field("budgets") is not { } list ? null
                : [.. list.Split(',').Select(text => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int budget)
                    ? budget : throw RequestException.Invalid("budgets",
                        $"budgets is '{list}'; it must be whole numbers, separated by commas."))],
        };
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

        string? Field(string name)
            => form.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) ? values.ToString() : null;

        bool? Truth(string name) => Field(name) is not { } value ? null
            : bool.TryParse(value, out bool wanted)
                ? wanted
                : throw RequestException.Invalid(name, $"{name} is '{value}'; it must be true or false.");

        int? Number(string name) => Field(name) is not { } value ? null
            : int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out int number)
                ? number : throw RequestException.Invalid(name, $"{name} is '{value}'; it must be a whole number.");
    }
}
