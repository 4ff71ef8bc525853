using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Bodies;
using MultiVecRetrieval.Server.Watching;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Another model for a space, without downtime: replace, take back, remove.</summary>
internal static class SpaceEndpoints
{
    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapPut("/spaces/{space}/model", Replace)
            .WithName("replaceModel").WithTags("spaces")
            .WithSummary("Lets a new model take the place of a space's: a job that encodes everything beside it, then switches at once.")
            .WithDescription(
                "Searches are answered by the old space until the switch, and it is kept after. A job that ended early goes on with the same request.")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapPost("/spaces/{space}/restore", RestoreAsync)
            .WithName("restoreSpace").WithTags("spaces")
            .WithSummary("Takes a space back at once that another one took the place of.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapDelete("/spaces/{space}", RemoveAsync)
            .WithName("removeSpace").WithTags("spaces")
            .WithSummary("Removes a space with its rows and tiers; files, texts and other spaces stay.")
            .WithDescription("The parameter 'confirm' repeats its name. Only encoding everything again brings the rows back.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Accepted<LibraryJob> Replace(string collection, string space, ReplaceModelBody body, Library library)
    {
        Collection store = library.GetCollection(collection);
        Parameters.CheckSpace(store, space);
        Parameters.CheckModels([body.Model], library);
        ReplaceModelRequest request = new()
        {
            Collection = collection,
            Space = space,
            Model = body.Model,
            AllowMissing = body.AllowMissing,
        };
        LibraryJob job = library.Jobs.StartReplace(request);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
    }

    private static async Task<CollectionBody> RestoreAsync(
        string collection, string space, Library library, WatchStates watches, CancellationToken cancellationToken)
    {
        Parameters.CheckSpace(library.GetCollection(collection), space);
        await library.RestoreSpaceAsync(collection, space, cancellationToken);
        return CollectionBody.From(collection, library.GetCollection(collection), library, watches);
    }

    private static async Task<NoContent> RemoveAsync(
        string collection, string space, string? confirm, Library library, CancellationToken cancellationToken)
    {
        Parameters.CheckSpace(library.GetCollection(collection), space);
        if (confirm != space)
        {
            throw RequestException.Invalid("confirm",
                $"This removes the rows of space '{space}'; to do so, repeat its name in the parameter confirm.");
        }

        await library.RemoveSpaceAsync(collection, space, cancellationToken);
        return TypedResults.NoContent();
    }
}
