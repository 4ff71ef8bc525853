using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Qdrant;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Collections as vector stores: an id is the name of a collection.</summary>
internal static class VectorStoreRoutes
{
    private const int MaxNameLength = 64;
    private const int MaxTextLength = 512;

    private static readonly string[] Unkept = ["expires_after", "chunking_strategy"];

    // Two stores of one name that are asked for at once must not become one.
    private static readonly Lock Naming = new();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/vector_stores", Create)
            .WithName("createVectorStore").WithSummary("Makes a collection as a vector store.").WithTags("vector stores");
        routes.MapGet("/v1/vector_stores", List).WithMetadata(ListRoute.Marker)
            .WithName("listVectorStores").WithSummary("Lists collections as vector stores.").WithTags("vector stores");
        routes.MapGet("/v1/vector_stores/{id}", (string id, Library library) => ToBody(id, Find(library, id), library)).WithMetadata(StoreRoute.Marker)
            .WithName("getVectorStore").WithSummary("Gets a vector store.").WithTags("vector stores");
        routes.MapPost("/v1/vector_stores/{id}", Update).WithMetadata(StoreRoute.Marker)
            .WithName("updateVectorStore").WithSummary("Changes name, description and metadata of a vector store.").WithTags("vector stores");
        routes.MapDelete("/v1/vector_stores/{id}", DeleteAsync).WithMetadata(StoreRoute.Marker)
            .WithName("deleteVectorStore").WithSummary("Deletes a vector store that holds uploads alone.").WithTags("vector stores");
        routes.MapPost("/v1/vector_stores/{id}/search", VectorStoreSearch.SearchAsync)
            .WithMetadata(ReadRoute.Marker, StoreRoute.Marker)
            .WithName("searchVectorStore").WithSummary("Searches a vector store.").WithTags("vector stores");
    }

    /// <summary>The collection of an id, or a problem that names it.</summary>
    public static Collection Find(Library library, string id)
    {
        bool isName = id.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(id[0])
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return isName && library.CollectionExists(id) ? library.GetCollection(id)
            : throw RequestException.NotFound("unknown-vector-store", $"There is no vector store '{id}'.");
    }

    private static object ToBody(string id, Collection collection, Library library, IReadOnlyList<string>? notices = null)
    {
        IReadOnlyList<AttachedFile> files = library.Files.ListIn(id);
        StoreLabel label = library.Files.GetLabel(id);
        long Count(AttachedState state) => files.Count(file => file.State == state);
        return new
        {
            id,
            @object = "vector_store",
            created_at = new DateTimeOffset(Directory.GetCreationTimeUtc(collection.Folder)).ToUnixTimeSeconds(),
            name = label.Name ?? id,
            description = label.Description,
            usage_bytes = files.Where(file => file.State == AttachedState.Completed).Sum(file => file.SizeInBytes),
            file_counts = new
            {
                in_progress = Count(AttachedState.InProgress),
                completed = Count(AttachedState.Completed),
                failed = Count(AttachedState.Failed),
                cancelled = Count(AttachedState.Cancelled),
                total = files.Count,
            },
            status = Count(AttachedState.InProgress) > 0 ? "in_progress" : "completed",
            expires_after = (object?)null,
            expires_at = (long?)null,
            last_active_at = new DateTimeOffset(Directory.GetLastWriteTimeUtc(collection.Folder)).ToUnixTimeSeconds(),
            metadata = label.Metadata,
            notices = notices ?? [],
        };
    }

    private static object List(
        HttpContext context, Library library, [FromQuery] string? after, [FromQuery] string? before, [FromQuery] int? limit,
        [FromQuery] string? order)
    {
        (string Name, Collection Collection)[] all =
        [
            .. library.ListCollections().Where(name => AccessKey.Of(context)?.Covers(name) ?? true)
                .Select(name => (Name: name, Collection: library.TryGetCollection(name, out _)!))
                .Where(known => known.Collection is not null)
                .OrderBy(known => Directory.GetCreationTimeUtc(known.Collection.Folder))
                .ThenBy(known => known.Name, StringComparer.Ordinal),
        ];
        return OpenAiList.Page(
            all, known => known.Name, known => ToBody(known.Name, known.Collection, library), after, before, limit, order);
    }

    private static object Create(JsonElement body, Library library)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid("$", "The body must be an object.");
        }

        StoredFile[] files =
        [
            .. body.Find("file_ids") is { } ids
                ? ids.List("file_ids").Select(id => VectorStoreFileRoutes.FindUploaded(library, QdrantJson.ToText(id.Value, id.Path), id.Path))
                : [],
        ];
        StoreLabel label = ReadLabel(body, new StoreLabel());
        (string name, Collection collection) = CreateCollection(DeriveName(label.Name), library);
        library.Files.SetLabel(name, label);
        if (files.Length > 0)
        {
            library.Files.Attach(name, files, new Dictionary<string, MetadataValue>());
        }

        return ToBody(name, collection, library, ReadNotices(body));
    }

    private static object Update(string id, JsonElement body, Library library)
    {
        Collection collection = Find(library, id);
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid("$", "The body must be an object.");
        }

        library.Files.SetLabel(id, ReadLabel(body, library.Files.GetLabel(id)));
        return ToBody(id, collection, library, ReadNotices(body));
    }

    private static (string Name, Collection Collection) CreateCollection(string wanted, Library library)
    {
        lock (Naming)
        {
            string name = wanted;
            for (int i = 2; library.CollectionExists(name); i++)
            {
                name = $"{wanted}-{i}";
            }

            return (name, library.CreateCollection(name));
        }
    }

    // What a request does not say stays as it was.
    private static StoreLabel ReadLabel(JsonElement body, StoreLabel known)
    {
        string? name = body.FindText("name", "") ?? known.Name;
        string? description = body.FindText("description", "") ?? known.Description;
        if ((name?.Length ?? 0) > MaxTextLength || (description?.Length ?? 0) > MaxTextLength)
        {
            throw RequestException.Invalid(
                name?.Length > MaxTextLength ? "name" : "description", $"name and description have up to {MaxTextLength} characters.");
        }

        return new StoreLabel
        {
            Name = name,
            Description = description,
            Metadata = body.Find("metadata") is { } metadata ? AttributeFilter.ReadTexts(metadata, "metadata") : known.Metadata,
        };
    }

    private static string[] ReadNotices(JsonElement body) =>
    [
        .. Unkept.Where(name => body.Find(name) is { } value && value.GetRawText() != "{}").Select(name => $"{name} is not kept here."),
    ];

    // Names of collections are names of folders.
    private static string DeriveName(string? name)
    {
        string derived = string.Concat((name ?? "").Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'))
            .Trim('-', '_', '.');
        return derived.Length == 0 ? "vector-store" : derived[..Math.Min(derived.Length, MaxNameLength)];
    }

    private static async Task<object> DeleteAsync(string id, Library library, CancellationToken cancellationToken)
    {
        // Clients tidy up what they made; a folder that took hours to index is not theirs.
        string own = Path.GetFullPath(library.Options.DataFolder) + Path.DirectorySeparatorChar;
        if (Find(library, id).Sources.List().FirstOrDefault(source =>
            !Path.GetFullPath(source.Root + Path.DirectorySeparatorChar).StartsWith(own, StringComparison.Ordinal)) is { } file)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "has-files",
                $"'{id}' holds files that were indexed where they lie ({file.Path}); DELETE /v1/collections/{id}?confirm={id} deletes it.");
        }

        if (library.Jobs.List(id).FirstOrDefault(job => !job.HasEnded && library.Jobs.IsLive(job.Id)) is { } job)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "collection-busy",
                $"Job {job.Id} works on '{id}'; cancel it or wait for its end.");
        }

        await library.DeleteCollectionAsync(id, cancellationToken);
        return new { id, @object = "vector_store.deleted", deleted = true };
    }
}
