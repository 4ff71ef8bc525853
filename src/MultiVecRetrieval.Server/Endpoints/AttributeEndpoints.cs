using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Attributes of a collection: list, set, remove. Their values are counted and filtered as fields.</summary>
internal static class AttributeEndpoints
{
    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapGet("/attributes", List)
            .WithName("listAttributes").WithSummary("Lists the attributes whose values entries have as fields.").WithTags("attributes")
            .ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapPut("/attributes/{name}", Set)
            .WithName("setAttribute").WithTags("attributes")
            .WithSummary("Adds or changes an attribute: a job that looks for its values in every entry.")
            .WithDescription(
                "Entries have them as the field attribute.NAME, for filters, sorting and facets. A job that ended early goes on with the same request.")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapDelete("/attributes/{name}", RemoveAsync)
            .WithName("removeAttribute").WithSummary("Removes an attribute with its values.").WithTags("attributes")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static IReadOnlyList<AttributeBody> List(string collection, Library library) =>
        [.. library.Attributes.List(collection).Select(AttributeBody.From)];

    private static Accepted<LibraryJob> Set(string collection, string name, SetAttributeBody body, Library library)
    {
        AttributeDefinition attribute = body.ToAttribute(name);
        if (attribute.Space is { } space)
        {
            Parameters.CheckSpace(library.GetCollection(collection), space);
        }

        LibraryJob job = library.Jobs.StartAttribute(collection, attribute);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
    }

    private static async Task<NoContent> RemoveAsync(
        string collection, string name, Library library, CancellationToken cancellationToken) =>
        await library.Attributes.RemoveAsync(collection, name, cancellationToken)
            ? TypedResults.NoContent()
            : throw RequestException.NotFound("unknown-attribute", $"There is no attribute '{name}'.");
}
