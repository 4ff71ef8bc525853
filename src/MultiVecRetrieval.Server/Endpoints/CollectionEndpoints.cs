using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;
using MultiVecRetrieval.Server.Watching;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Lists, describes, creates and deletes collections.</summary>
internal static class CollectionEndpoints
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/collections", List).WithMetadata(ListRoute.Marker)
            .WithName("listCollections")
            .WithSummary("Lists the collections that can be read, with their counts; /readyz says which cannot.").WithTags("collections");
        v1.MapGet("/collections/{collection}", Get)
            .WithName("getCollection").WithSummary("Describes a collection: counts, spaces, and what became of every file.")
                .WithTags("collections")
            .ProducesProblem(StatusCodes.Status404NotFound);
        v1.MapPut("/collections/{collection}", Put)
            .WithName("createCollection").WithSummary("Creates a collection; no effect when it exists.").WithTags("collections")
            .Accepts<CreateCollectionBody>(isOptional: true, "application/json")
            .Produces<CollectionBody>().Produces<CollectionBody>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        v1.MapGet("/collections/{collection}/backup", BackUpAsync)
            .WithName("backUpCollection").WithTags("collections")
            .WithSummary("A tar archive of the collection with its uploads, as mvr restore takes it.")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-tar")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        v1.MapDelete("/collections/{collection}", Delete)
            .WithName("deleteCollection")
            .WithSummary("Deletes a collection with its vectors and uploads; files that were indexed where they lie stay.")
            .WithDescription("The parameter 'confirm' repeats its name. Refused while a job works on it, or another process writes it.")
            .WithTags("collections")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static ListBody<CollectionBody> List(Library library, WatchStates watches, HttpContext context) =>
        new([.. library.ListCollections().Where(name => AccessKey.Of(context)?.Covers(name) ?? true)
            .Select(name => (Name: name, Collection: library.TryGetCollection(name, out _)))
            .Where(known => known.Collection is not null)
            .Select(known => CollectionBody.From(known.Name, known.Collection!, library, watches))]);

    private static CollectionBody Get(string collection, Library library, WatchStates watches)
    {
        Parameters.CheckCollectionName(collection);
        return CollectionBody.From(collection, library.GetCollection(collection), library, watches);
    }

    private static IResult Put(string collection, CreateCollectionBody? body, Library library, WatchStates watches)
    {
        Parameters.CheckCollectionName(collection);
        bool isNew = !library.CollectionExists(collection);
        if (body is { Vectors.Count: > 0, Models.Count: > 0 } or { Vectors.Count: > 0, Reduction: not null })
        {
            throw RequestException.Invalid("vectors", "A collection has models, whose rows may be reduced, or vectors of clients.");
        }

        Collection store = !isNew ? library.GetCollection(collection)
            : body is { Vectors.Count: > 0 } ? library.Records.Create(collection, [.. body.Vectors.Select(vector => vector.ToSpec())])
            : library.CreateCollection(collection, Parameters.CheckModels(body?.Models ?? [], library), body?.Reduction);
        CollectionBody answer = CollectionBody.From(collection, store, library, watches);
        return isNew ? TypedResults.Created($"/v1/collections/{Uri.EscapeDataString(collection)}", answer) : TypedResults.Ok(answer);
    }

    // The archive ends with a list of what is in it: where a client lost the rest, restoring says so.
    private static async Task BackUpAsync(string collection, Library library, HttpContext context)
    {
        Parameters.CheckCollectionName(collection);
        library.GetCollection(collection);
        context.Response.ContentType = "application/x-tar";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{collection}.tar\"";

        // A thread of its own writes, and waits for the client where that reads slowly.
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        await library.Backups.WriteAsync(collection, context.Response.Body, progress: null, context.RequestAborted);
    }

    // The name twice is what the question of the command line is: nobody types it by mistake.
    private static async Task<NoContent> Delete(string collection, string? confirm, Library library, CancellationToken cancellationToken)
    {
        Parameters.CheckCollectionName(collection);
        long documentCount = library.GetCollection(collection).GetStatistics().DocumentCount;
        if (confirm != collection)
        {
            throw RequestException.Invalid("confirm",
                $"This deletes '{collection}' with {documentCount} documents; to do so, repeat its name in the parameter confirm.");
        }

        if (library.Jobs.List(collection).FirstOrDefault(job => !job.HasEnded && library.Jobs.IsLive(job.Id)) is { } job)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "collection-busy",
                $"Job {job.Id} works on '{collection}'; cancel it or wait for its end.");
        }

        await library.DeleteCollectionAsync(collection, cancellationToken);
        return TypedResults.NoContent();
    }
}
