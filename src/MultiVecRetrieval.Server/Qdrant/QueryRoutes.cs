using System.Text.Json;
using System.Text.Json.Nodes;
using MultiVecRetrieval.Server.Access;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Searches points.</summary>
internal static class QueryRoutes
{
    private const int MaxSearches = 100;

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder routes = app.MapGroup("").WithMetadata(ReadRoute.Marker);
        const string Points = "/collections/{collection}/points";
        routes.MapPost(
            $"{Points}/query", QdrantAnswer.Of(async call => new JsonObject { ["points"] = await QueryAsync(call, call.Body, "") }));
        routes.MapPost($"{Points}/query/batch", QdrantAnswer.Of(call => BatchAsync(call, isPlain: false)));
        routes.MapPost($"{Points}/query/groups", QdrantAnswer.Of(call => GroupsAsync(call, call.Body)));
        routes.MapPost($"{Points}/search", QdrantAnswer.Of(async call => await QueryAsync(call, OfSearch(call.Body), "")));
        routes.MapPost($"{Points}/search/batch", QdrantAnswer.Of(call => BatchAsync(call, isPlain: true)));
        routes.MapPost($"{Points}/search/groups", QdrantAnswer.Of(call => GroupsAsync(call, OfSearch(call.Body))));
        routes.MapPost($"{Points}/recommend", QdrantAnswer.Of(async call => await QueryAsync(call, OfRecommend(call.Body), "")));
    }

    private static async Task<JsonArray> QueryAsync(QdrantCall call, JsonElement request, string path)
    {
        using PointStore points = call.OpenPoints();
        RecordStage stage = new QueryReader(points, call.Options).Read(request, path);
        int offset = request.FindCount("offset", 0, 0, call.Options.MaxOffset, path);
        IReadOnlyList<RecordHit> hits = await call.Library.Records.SearchAsync(call.Collection, stage, offset, call.Aborted);
        return new JsonArray([.. hits.Select(hit => points.Write(hit.Entry, hit.Document, request, hit.Score))]);
    }

    private static async Task<object?> BatchAsync(QdrantCall call, bool isPlain)
    {
        (JsonElement Value, string Path)[] searches = [.. call.Body.Get("searches", "").List("searches")];
        if (searches.Length > MaxSearches)
        {
            throw RequestException.Invalid("searches", $"There are {searches.Length} searches; it takes up to {MaxSearches}.");
        }

        JsonArray results = [];
        foreach ((JsonElement search, string path) in searches)
        {
            JsonArray found = await QueryAsync(call, isPlain ? OfSearch(search) : search, path);
            results.Add(isPlain ? found : new JsonObject { ["points"] = found });
        }

        return results;
    }

    private static async Task<object?> GroupsAsync(QdrantCall call, JsonElement request)
    {
        using PointStore points = call.OpenPoints();
        int limit = request.FindCount("limit", 10, 1, call.Options.MaxTop, "");
        int size = request.FindCount("group_size", 3, 1, 100, "");
        RecordStage stage = new QueryReader(points, call.Options).Read(request, "");
        if (request.Find("with_lookup") is not null)
        {
            throw QdrantJson.Unsupported("with_lookup", "a lookup of groups");
        }

        IReadOnlyList<RecordGroup> groups = await call.Library.Records.SearchGroupsAsync(
            call.Collection, stage, request.GetText("group_by", ""), size, limit, call.Aborted);
        return new JsonObject
        {
            ["groups"] = new JsonArray([.. groups.Select(group => new JsonObject
            {
                ["id"] = JsonSerializer.SerializeToNode(group.Value.Value),
                ["hits"] = new JsonArray([.. group.Hits.Select(hit => points.Write(hit.Entry, hit.Document, request, hit.Score))]),
            })]),
        };
    }

    // The older shape: the vector, or its name with it, stands for the query.
    private static JsonElement OfSearch(JsonElement search)
    {
        JsonObject query = ToObject(search);
        JsonElement vector = search.Get("vector", "");
        if (vector.ValueKind == JsonValueKind.Object)
        {
            query["using"] = vector.GetText("name", "vector");
            query["query"] = JsonNode.Parse(vector.Get("vector", "vector").GetRawText());
        }
        else
        {
            query["query"] = JsonNode.Parse(vector.GetRawText());
        }

        return JsonSerializer.SerializeToElement(query);
    }

    private static JsonElement OfRecommend(JsonElement recommend)
    {
        JsonObject query = ToObject(recommend);
        query["query"] = new JsonObject
        {
            ["recommend"] = new JsonObject
            {
                ["positive"] = query["positive"]?.DeepClone(),
                ["negative"] = query["negative"]?.DeepClone(),
                ["strategy"] = query["strategy"]?.DeepClone(),
            },
        };
        return JsonSerializer.SerializeToElement(query);
    }

    private static JsonObject ToObject(JsonElement request) => request.ValueKind == JsonValueKind.Object
        ? JsonNode.Parse(request.GetRawText())!.AsObject()
        : throw RequestException.Invalid("$", "The body must be an object.");
}
