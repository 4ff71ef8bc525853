using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Where in an entry a question is met, as numbers and as a picture.</summary>
internal static class HeatMapEndpoints
{
    private const int StandardSize = 320;
    private const int MaxSize = 2048;

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapGet("/heatmap", GetAsync)
            .WithName("getHeatMap")
            .WithSummary("How similar each place of an entry is to a text or to another entry.")
            .WithDescription(
                "As JSON: the places with their similarities, by space. With format=png: a clear picture that lies over that of "
                + "the entry, red where it is similar, of the space that is named, else of that with the most places where it is met.")
            .WithTags("search")
            .Produces<HeatMapsBody>().Produces(StatusCodes.Status200OK, contentType: "image/png")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> GetAsync(
        string collection, string? key, string? q, string? entry, string? space, double? time, int? size, string? format, Library library,
        ServerOptions options, CancellationToken cancellationToken)
    {
        Collection store = library.GetCollection(collection);
        Entry shown = DocumentEndpoints.FindEntry(store, key);
        if (string.IsNullOrWhiteSpace(q) == (entry is null))
        {
            throw RequestException.Invalid("q", "Give a text (q) or the key of another entry (entry), one of them.");
        }

        if (q?.Length > options.MaxQueryLength)
        {
            throw RequestException.OverLimit("q", "server:maxQueryLength", options.MaxQueryLength, q.Length);
        }

        if (entry is not null)
        {
            DocumentEndpoints.FindEntry(store, entry);
        }

        if (format is not (null or "json" or "png"))
        {
            throw RequestException.Invalid("format", $"format is '{format}'; it must be json or png.");
        }

        int wanted = size ?? StandardSize;
        if (wanted is < 16 or > MaxSize)
        {
            throw RequestException.Invalid("size", $"size is {wanted}; it must be in [16, {MaxSize}].");
        }

        if (space is not null && store.Spaces.All(known => known.Name != space))
        {
            throw new UnknownSpaceException(space, [.. store.Spaces.Select(known => known.Name)]);
        }

        if (time is { } seconds && !(seconds >= 0 && seconds <= (shown.DurationSeconds ?? 0)))
        {
            throw RequestException.Invalid("time", shown.DurationSeconds is { } duration
                ? $"time is {seconds}; the video lasts {Math.Round(duration, 3)} seconds."
                : "time is for videos only.");
        }

        QueryPart part = entry is null ? new QueryPart { Text = q } : new QueryPart { Entry = entry };
        IReadOnlyList<HeatMap> maps = await library.GetHeatMapsAsync(collection, shown.Key, part, time, cancellationToken);
        HeatMap[] chosen = [.. maps.Where(map => space is null || map.Space == space)];
        if (format != "png")
        {
            return TypedResults.Ok(HeatMapsBody.From(chosen));
        }

        // Of models that see it, the one that sees finest says most.
        HeatMap map = chosen.Where(known => known.Cells.Count > 1)
            .MaxBy(known => known.Certainty >= 0.5 ? known.Cells.Count : known.Certainty) ?? throw new RequestException(
            StatusCodes.Status422UnprocessableEntity, "no-heat-map",
            "No space keeps several places of this entry that can be compared with the question.");
        return TypedResults.Bytes(Library.PaintHeatMap(map, shown, wanted), "image/png");
    }
}
