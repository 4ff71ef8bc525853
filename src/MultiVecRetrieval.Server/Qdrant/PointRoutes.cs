using System.Text.Json;
using System.Text.Json.Nodes;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Access;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Stores, changes, removes and reads points.</summary>
internal static class PointRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Points = "/collections/{collection}/points";
        routes.MapPut(Points, QdrantAnswer.Of(call => ApplyAsync(call, "upsert", call.Body)));
        routes.MapPost(Points, QdrantAnswer.Of(Retrieve)).WithMetadata(ReadRoute.Marker);
        routes.MapGet($"{Points}/{{id}}", QdrantAnswer.Of(Get));
        routes.MapPost($"{Points}/delete", QdrantAnswer.Of(call => ApplyAsync(call, "delete", call.Body)));
        routes.MapPost($"{Points}/payload", QdrantAnswer.Of(call => ApplyAsync(call, "set_payload", call.Body)));
        routes.MapPut($"{Points}/payload", QdrantAnswer.Of(call => ApplyAsync(call, "overwrite_payload", call.Body)));
        routes.MapPost($"{Points}/payload/delete", QdrantAnswer.Of(call => ApplyAsync(call, "delete_payload", call.Body)));
        routes.MapPost($"{Points}/payload/clear", QdrantAnswer.Of(call => ApplyAsync(call, "clear_payload", call.Body)));
        routes.MapPut($"{Points}/vectors", QdrantAnswer.Of(call => ApplyAsync(call, "update_vectors", call.Body)));
        routes.MapPost($"{Points}/vectors/delete", QdrantAnswer.Of(call => ApplyAsync(call, "delete_vectors", call.Body)));
        routes.MapPost($"{Points}/batch", QdrantAnswer.Of(BatchAsync));
        routes.MapPost($"{Points}/count", QdrantAnswer.Of(Count)).WithMetadata(ReadRoute.Marker);
        routes.MapPost($"{Points}/scroll", QdrantAnswer.Of(Scroll)).WithMetadata(ReadRoute.Marker);
        routes.MapPost("/collections/{collection}/facet", QdrantAnswer.Of(Facet)).WithMetadata(ReadRoute.Marker);
    }

    /// <summary>What a change answers: it is durable by then.</summary>
    public static object? Completed() => new { operation_id = 0, status = "completed" };

    private static async Task<object?> BatchAsync(QdrantCall call)
    {
        List<object?> results = [];
        foreach ((JsonElement operation, string path) in call.Body.Get("operations", "").List("operations"))
        {
            JsonProperty[] members = operation.ValueKind == JsonValueKind.Object ? [.. operation.EnumerateObject()] : [];
            if (members is not [{ Name: var name, Value: var body }])
            {
                throw RequestException.Invalid(path, $"{path} must have one member, which says what to do.");
            }

            results.Add(await ApplyAsync(call, name, body));
        }

        return results;
    }

    private static async Task<object?> ApplyAsync(QdrantCall call, string operation, JsonElement body)
    {
        using PointStore points = call.OpenPoints();
        LibraryRecords records = call.Library.Records;
        switch (operation)
        {
            case "upsert":
                await records.UpsertAsync(call.Collection, ReadPoints(body), call.Aborted);
                break;
            case "delete":
                await records.DeleteAsync(call.Collection, points.Select(body), call.Aborted);
                break;
            case "set_payload" or "overwrite_payload":
                JsonElement payload = body.Get("payload", "");
                if (body.Find("key") is not null)
                {
                    throw QdrantJson.Unsupported("key", "a change of a part of the payload");
                }

                bool isWhole = operation == "overwrite_payload";
                await ChangePayloadAsync(old => isWhole ? ToObject(payload) : Merge(old, ToObject(payload)));
                break;
            case "delete_payload":
                string[] names = [.. body.Get("keys", "").List("keys").Select(name => QdrantJson.ToText(name.Value, name.Path))];
                await ChangePayloadAsync(old => new PayloadSelection(null, names).Apply(old));
                break;
            case "clear_payload":
                await ChangePayloadAsync(_ => []);
                break;
            case "update_vectors":
                await UpdateVectorsAsync(body);
                break;
            case "delete_vectors":
                string[] spaces = [.. body.Get("vector", "").List("vector").Select(name => QdrantJson.ToText(name.Value, name.Path))];
                await records.UpdateAsync(
                    call.Collection, points.Select(body),
                    record => record with { Vectors = record.Vectors.Where(own => !spaces.Contains(own.Key)).ToDictionary() },
                    call.Aborted);
                break;
            default:
                throw RequestException.Invalid("operations", $"There is no operation '{operation}'.");
        }

        return Completed();

        Task<int> ChangePayloadAsync(Func<JsonObject, JsonObject> change) => records.UpdateAsync(
            call.Collection,
            points.Select(body),
            record => record with { Payload = change(JsonNode.Parse(record.Payload ?? "{}")!.AsObject()).ToJsonString() },
            call.Aborted);

        async Task UpdateVectorsAsync(JsonElement update)
        {
            Dictionary<string, Dictionary<string, MultiVector>> changes = new(StringComparer.Ordinal);
            foreach ((JsonElement point, string path) in update.Get("points", "").List("points"))
            {
                changes[PointId.ToKey(point.Get("id", path), $"{path}.id")] =
                    VectorReader.ReadNamed(point.Get("vector", path), $"{path}.vector");
            }

            await records.UpdateAsync(
                call.Collection,
                [.. changes.Keys],
                record => record with { Vectors = Replace(record.Vectors, changes[record.Key]) },
                call.Aborted);
        }
    }

    private static Dictionary<string, MultiVector> Replace(
        IReadOnlyDictionary<string, MultiVector> stored, Dictionary<string, MultiVector> changes) =>
        new([.. stored.Where(own => !changes.ContainsKey(own.Key)), .. changes]);

    private static List<VectorRecord> ReadPoints(JsonElement body)
    {
        if (body.Find("update_filter") is not null)
        {
            throw QdrantJson.Unsupported("update_filter", "a conditional change");
        }

        if (body.Find("batch") is { } batch)
        {
            return ReadBatch(batch);
        }

        return [.. body.Get("points", "").List("points").Select(point => new VectorRecord
        {
            Key = PointId.ToKey(point.Value.Get("id", point.Path), $"{point.Path}.id"),
            Vectors = VectorReader.ReadNamed(point.Value.Find("vector"), $"{point.Path}.vector"),
            Payload = point.Value.Find("payload") is { } payload ? ToObject(payload).ToJsonString() : null,
        })];
    }

    // Columns in place of rows: ids, vectors and payloads.
    private static List<VectorRecord> ReadBatch(JsonElement batch)
    {
        string[] keys = [.. batch.Get("ids", "batch").List("batch.ids").Select(id => PointId.ToKey(id.Value, id.Path))];
        JsonElement vectors = batch.Get("vectors", "batch");
        JsonElement[] payloads = batch.Find("payloads") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];
        Dictionary<string, JsonElement[]> columns = vectors.ValueKind == JsonValueKind.Object
            ? vectors.EnumerateObject().ToDictionary(
                member => member.Name,
                member => member.Value.List($"batch.vectors.{member.Name}").Select(vector => vector.Value).ToArray())
            : new() { [""] = [.. vectors.List("batch.vectors").Select(vector => vector.Value)] };
        foreach ((string name, JsonElement[] column) in columns)
        {
            if (column.Length != keys.Length)
            {
                throw RequestException.Invalid("batch.vectors", $"There are {column.Length} vectors '{name}' for {keys.Length} ids.");
            }
        }

        if (payloads.Length > 0 && payloads.Length != keys.Length)
        {
            throw RequestException.Invalid("batch.payloads", $"There are {payloads.Length} payloads for {keys.Length} ids.");
        }

        return [.. keys.Select((key, i) => new VectorRecord
        {
            Key = key,
            Vectors = columns.ToDictionary(column => column.Key, column => VectorReader.Read(column.Value[i], $"batch.vectors[{i}]")),
            Payload = i < payloads.Length && payloads[i].ValueKind == JsonValueKind.Object ? ToObject(payloads[i]).ToJsonString() : null,
        })];
    }

    private static JsonObject ToObject(JsonElement payload) => payload.ValueKind == JsonValueKind.Object
        ? JsonNode.Parse(payload.GetRawText())!.AsObject()
        : throw RequestException.Invalid("payload", $"The payload is {QdrantJson.Show(payload)}; it must be an object.");

    private static JsonObject Merge(JsonObject old, JsonObject added)
    {
        foreach ((string name, JsonNode? value) in added)
        {
            old[name] = value?.DeepClone();
        }

        return old;
    }

    private static Task<object?> Get(QdrantCall call)
    {
        string id = (string)call.Context.Request.RouteValues["id"]!;
        JsonElement value = JsonSerializer.SerializeToElement(ulong.TryParse(id, out ulong number) ? number : (object)id);
        using PointStore points = call.OpenPoints();
        (Entry entry, Document document) = points.Find(value, "id")
            ?? throw RequestException.NotFound("unknown-point", $"There is no point {id}.");
        JsonElement all = JsonSerializer.SerializeToElement(new { with_payload = true, with_vector = true });
        return Task.FromResult<object?>(points.Write(entry, document, all));
    }

    // A request that says nothing of payloads gets them, as it asks for points by name.
    private static Task<object?> Retrieve(QdrantCall call)
    {
        using PointStore points = call.OpenPoints();
        JsonElement wanted = call.Body.Find("with_payload") is null ? WithPayload(call.Body) : call.Body;
        return Task.FromResult<object?>(call.Body.Get("ids", "").List("ids")
            .Select(id => points.Find(id.Value, id.Path)).Where(found => found is not null)
            .Select(found => points.Write(found!.Value.Entry, found.Value.Document, wanted)).ToArray());
    }

    private static JsonElement WithPayload(JsonElement body)
    {
        JsonObject copy = JsonNode.Parse(body.GetRawText())!.AsObject();
        copy["with_payload"] = true;
        return JsonSerializer.SerializeToElement(copy);
    }

    private static Task<object?> Count(QdrantCall call)
    {
        using PointStore points = call.OpenPoints();
        return Task.FromResult<object?>(new { count = points.Entries.Count(points.Filters.Read(call.Body)) });
    }

    private static Task<object?> Scroll(QdrantCall call)
    {
        using PointStore points = call.OpenPoints();
        Filter? filter = points.Filters.Read(call.Body);
        int limit = call.Body.FindCount("limit", 10, 1, call.Options.MaxOffset, "");
        JsonElement wanted = call.Body.Find("with_payload") is null ? WithPayload(call.Body) : call.Body;
        if (call.Body.Find("order_by") is { } by)
        {
            (EntryOrder order, Filter? start) = QueryReader.ReadOrder(by, "order_by");
            Filter[] conditions = [.. new[] { filter, start, Filter.Exists(order.Field) }.OfType<Filter>()];
            IReadOnlyList<Entry> ordered = points.Entries.ListInOrder(order, Filter.And(conditions), limit: limit);
            return Answer(ordered, null);
        }

        // A page begins with the point that the one before named.
        List<Entry> page = [];
        string? after = null;
        if (call.Body.Find("offset") is { } offset)
        {
            (Entry first, _) = points.Find(offset, "offset")
                ?? throw RequestException.NotFound("unknown-point", $"offset: there is no point {QdrantJson.Show(offset)}.");
            Filter own = Filter.In("key", first.Key);
            page.AddRange(points.Entries.Count(filter is null ? own : Filter.And(own, filter)) > 0 ? [first] : Array.Empty<Entry>());
            after = first.Key;
        }

        page.AddRange(points.Entries.List(filter: filter, afterKey: after, limit: limit + 1 - page.Count));
        return Answer([.. page.Take(limit)], page.Count > limit ? PointId.Of(page[limit].Key) : null);

        Task<object?> Answer(IReadOnlyList<Entry> entries, object? next) => Task.FromResult<object?>(new JsonObject
        {
            ["points"] = new JsonArray([.. entries.Select(points.Load)
                .Select(found => points.Write(found.Entry, found.Document, wanted))]),
            ["next_page_offset"] = JsonSerializer.SerializeToNode(next),
        });
    }

    private static Task<object?> Facet(QdrantCall call)
    {
        using PointStore points = call.OpenPoints();
        string key = call.Body.GetText("key", "");
        Facet facet = points.Entries.CountValues(
            $"meta.{key}", points.Filters.Read(call.Body), call.Body.FindCount("limit", 10, 1, call.Options.MaxOffset, ""));
        return Task.FromResult<object?>(
            new { hits = facet.Values.Select(value => new { value = value.Value.Value, count = value.Count }).ToArray() });
    }
}
