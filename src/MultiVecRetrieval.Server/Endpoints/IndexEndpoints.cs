using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Adds files to a collection, and tells what became of them.</summary>
internal static class IndexEndpoints
{
    private const int StandardLimit = 100;
    private const int MaxListEntries = 1000;

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapPost("/documents", Upload)
            .WithName("uploadDocuments")
            .WithSummary("Uploads files and indexes them as a job.")
            .WithDescription(
                "multipart/form-data of files. A file of a name that was uploaded before replaces it. When one cannot be taken, those before it are indexed.")
            .WithTags("documents")
            .Accepts<IFormFileCollection>("multipart/form-data")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .WithMetadata(new UploadLimit())
            .DisableAntiforgery();
        collections.MapPost("/index", Index)
            .WithName("indexPaths").WithSummary("Indexes files of the server's machine as a job; only below server:allowedRoots.")
                .WithTags("documents")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapPost("/retry", Retry)
            .WithName("retryFailed").WithSummary("Tries the failed files again as a job.").WithTags("sources")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapGet("/sources", ListSources)
            .WithName("listSources").WithSummary("Lists the files that were seen, by state, with reasons.").WithTags("sources")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Accepted<LibraryJob>> Upload(string collection, HttpRequest request, Library library)
    {
        using IDisposable held = library.GetWritableCollection(collection).HoldLock();
        List<string> stored = [];
        try
        {
            await UploadReader.StoreAsync(request, collection, library, stored, request.HttpContext.RequestAborted);
        }
        catch when (stored.Count > 0)
        {
            // What arrived whole is kept, and so it is indexed; the answer still says what went wrong.
            Enqueue();
            throw;
        }

        return Accepted(Enqueue());

        LibraryJob Enqueue() =>
            library.Jobs.StartIndex(new IndexRequest { Collection = collection, Paths = stored }, isUpload: true);
    }

    private static Accepted<LibraryJob> Index(string collection, IndexBody body, Library library, ServerOptions options)
    {
        library.GetCollection(collection);
        CheckList("paths", body.Paths, least: 1);
        CheckList("models", body.Models, least: 0);
        CheckList("exclude", body.Exclude, least: 0);
        IndexRequest request = new()
        {
            Collection = collection,
            Paths = [.. body.Paths.Select(path => AllowedPaths.Resolve(path, options.AllowedRoots))],
            Models = Parameters.CheckModels(body.Models, library),
            Exclude = body.Exclude,
            RemoveMissing = body.RemoveMissing,
        };
        return Accepted(library.Jobs.StartIndex(request));
    }

    private static Accepted<LibraryJob> Retry(string collection, Library library) => Accepted(library.Jobs.StartRetry(collection));

    private static ListBody<SourceFileBody> ListSources(string collection, string? state, int? limit, Library library,
        ServerOptions options)
    {
        int count = Parameters.Limit("limit", limit, StandardLimit, options);
        IReadOnlyList<SourceFile> sources = library.GetCollection(collection)
            .Sources.List(Parameters.Name<SourceState>("state", state), limit: count);
        return new ListBody<SourceFileBody>([.. sources.Select(SourceFileBody.From)]);
    }

    private static void CheckList(string name, IReadOnlyList<string>? values, int least)
    {
        if (values is null || values.Count < least || values.Count > MaxListEntries || values.Any(string.IsNullOrWhiteSpace))
        {
            throw RequestException.Invalid(name, $"{name} must list {least} to {MaxListEntries} texts, none of them empty.");
        }
    }

    private static Accepted<LibraryJob> Accepted(LibraryJob job) => TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
}
