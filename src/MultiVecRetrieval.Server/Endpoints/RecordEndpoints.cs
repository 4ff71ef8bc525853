using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Vectors of clients in and out.</summary>
internal static class RecordEndpoints
{
    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapPost("/records", PostAsync)
            .WithName("storeRecords").WithTags("records")
            .WithSummary("Stores vectors of a client with JSON beside them; durable when it answers.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapGet("/record", Get)
            .WithName("getRecord").WithSummary("Gets a record with its vectors.").WithTags("records")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapDelete("/record", DeleteAsync)
            .WithName("deleteRecord").WithSummary("Removes a record.").WithTags("records")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapGet("/entry/vectors", GetVectors)
            .WithName("getEntryVectors").WithSummary("Gets the stored rows of an entry in a space, with their places.").WithTags("entries")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<NoContent> PostAsync(
        string collection, RecordsBody body, Library library, CancellationToken cancellationToken)
    {
        if (body.Records is null)
        {
            throw RequestException.Invalid("records", "records is null; a list was expected.");
        }

        VectorRecord[] records = [.. body.Records.Select((record, i) => record?.ToRecord($"records[{i}]")
            ?? throw new InvalidQueryException($"records[{i}] is null; an object was expected.", $"records[{i}]"))];
        await library.Records.UpsertAsync(collection, records, cancellationToken);
        return TypedResults.NoContent();
    }

    private static RecordBody Get(string collection, string? key, Library library) =>
        RecordBody.From(library.Records.Get(collection, Parameters.Required("key", key))
            ?? throw RequestException.NotFound("unknown-record", $"There is no record '{key}'."));

    private static async Task<NoContent> DeleteAsync(
        string collection, string? key, Library library, CancellationToken cancellationToken) =>
        await library.Records.DeleteAsync(collection, [Parameters.Required("key", key)], cancellationToken) > 0
            ? TypedResults.NoContent()
            : throw RequestException.NotFound("unknown-record", $"There is no record '{key}'.");

    private static EntryVectorsBody GetVectors(string collection, string? key, string? space, Library library)
    {
        Collection store = library.GetCollection(collection);
        Entry entry = DocumentEndpoints.FindEntry(store, key);
        string name = Parameters.Required("space", space);
        Space found = store.Spaces.FirstOrDefault(known => known.Name == name)
            ?? throw new UnknownSpaceException(name, [.. store.Spaces.Select(known => known.Name)]);
        MultiVector rows = store.Entries.GetVectors(entry.Key, name)
            ?? throw RequestException.NotFound("no-vectors", $"'{entry.Key}' has no rows in the space '{name}'.");
        return new EntryVectorsBody(
            name,
            found.Id.Value,
            [.. Enumerable.Range(0, rows.RowCount).Select(row => rows.Row(row).ToArray())],
            [.. rows.Places.ToArray().Select(PlaceBody.From)]);
    }
}
