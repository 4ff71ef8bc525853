using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>What collections take by tier, which tiers a space has, and tuning.</summary>
internal static class TierEndpoints
{
    private const int MaxTierCount = 16;
    private const int MaxQueryCount = 10_000;

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapGet("/stats", GetStatistics)
            .WithName("getStatistics").WithSummary("Bytes by tier, what is still to be built, and the measured recall of every tier.")
                .WithTags("tiers")
            .ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapPut("/spaces/{space}/tiers", SetTiers)
            .WithName("setTiers")
                .WithSummary(
                "Says which tiers a space has and how its rows are stored; the work is done in the background while searches go on.")
                .WithTags("tiers")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapPost("/tune", Tune)
            .WithName("tune").WithSummary("Measures tiers on the collection's own entries as a job, and uses the best one on request.")
                .WithTags("tiers")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static CollectionStatistics GetStatistics(string collection, Library library)
        => library.GetCollection(collection).GetStatistics();

    private static SpaceStatistics SetTiers(string collection, string space, TiersBody body, Library library)
    {
        if ((body.Automatic && body.Tiers is not null) || (!body.Automatic && body.Tiers is null && body.RowFormat is null))
        {
            throw RequestException.Invalid("tiers",
                "Give either tiers, a list of specs, or automatic: true; or rowFormat, alone or beside one of them.");
        }

        if (body.Tiers is not null && (body.Tiers.Count > MaxTierCount || body.Tiers.Any(string.IsNullOrWhiteSpace)))
        {
            throw RequestException.Invalid("tiers",
                $"tiers must list up to {MaxTierCount} specs, none of them empty; an empty list removes all.");
        }

        Collection store = library.GetCollection(collection);
        Parameters.CheckSpace(store, space);
        Collection writable = library.GetWritableCollection(collection);
        using IDisposable held = writable.HoldLock();
        try
        {
            if (body.Tiers is not null)
            {
                writable.Tiers.Set(space, body.Tiers);
            }
            else if (body.Automatic)
            {
                writable.Tiers.SetAutomatic(space);
            }

            if (body.RowFormat is { } format)
            {
                writable.SetRowFormat(space, format);
            }
        }
        catch (ArgumentException e)
        {
            throw RequestException.Invalid("tiers", ErrorText.Get(e));
        }

        return store.GetStatistics().Spaces.First(known => known.Name == space);
    }

    private static Accepted<LibraryJob> Tune(string collection, TuneBody body, Library library)
    {
        Collection store = library.GetCollection(collection);
        string? space = body.Space ?? (store.Spaces is [Space first, ..] ? first.Name : null);
        Parameters.CheckSpace(store, space ?? "");
        if (body.Recall is not (null or (> 0 and <= 1)))
        {
            throw RequestException.Invalid("recall", $"recall is {body.Recall}; it must be in (0, 1].");
        }

        if (body.Queries.Count > MaxQueryCount || body.Queries.Any(string.IsNullOrWhiteSpace))
        {
            throw RequestException.Invalid("queries", $"queries must list up to {MaxQueryCount} texts, none of them empty.");
        }

        if (body.Tiers.Count > MaxTierCount || body.Tiers.Any(string.IsNullOrWhiteSpace))
        {
            throw RequestException.Invalid("tiers",
                $"tiers must list up to {MaxTierCount} specs, none of them empty; an empty list tries the usual ones.");
        }

        CheckTiers(store, space!, body.Tiers);
        TuneRequest request = new() { Space = space!, Recall = body.Recall ?? 0.95, Tiers = body.Tiers };
        LibraryJob job = library.Jobs.StartTune(collection, request, body.Queries, body.Apply);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
    }

    private static void CheckTiers(Collection store, string space, IReadOnlyList<string> tiers)
    {
        int dimension = store.Spaces.First(known => known.Name == space).Dimension;
        try
        {
            foreach (string tier in tiers)
            {
                TierKind.Check(tier, dimension);
            }
        }
        catch (SpecException e)
        {
            throw RequestException.Invalid("tiers", e.Message);
        }
    }
}
