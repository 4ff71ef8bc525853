using System.Text.Json;
using System.Text.Json.Nodes;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Server.Access;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Lists, describes, makes and deletes collections.</summary>
internal static class CollectionRoutes
{
    // The version of the interface; clients take the one before and the one after it, too.
    private const string Version = "1.18.0";

    /// <summary>What answers here, and which version of the interface.</summary>
    public static object Describe() => new { title = "MultiVecRetrieval", version = Version };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/collections", QdrantAnswer.Of(List)).WithMetadata(ListRoute.Marker);
        routes.MapGet("/collections/{collection}", QdrantAnswer.Of(Get));
        routes.MapGet("/collections/{collection}/exists", QdrantAnswer.Of(Exists));
        routes.MapPut("/collections/{collection}", QdrantAnswer.Of(Create));
        routes.MapPatch("/collections/{collection}", QdrantAnswer.Of(Update));
        routes.MapDelete("/collections/{collection}", QdrantAnswer.Of(DeleteAsync));
        routes.MapPut("/collections/{collection}/index", QdrantAnswer.Of(Index));
        routes.MapDelete("/collections/{collection}/index/{field}", QdrantAnswer.Of(Index));
        routes.MapGet("/aliases", QdrantAnswer.Of(NoAliases));
        routes.MapGet("/collections/{collection}/aliases", QdrantAnswer.Of(NoAliases));
    }

    private static Task<object?> List(QdrantCall call) =>
        Task.FromResult<object?>(new
        {
            collections = call.Library.ListCollections().Where(name => AccessKey.Of(call.Context)?.Covers(name) ?? true)
                .Select(name => new { name }).ToArray(),
        });

    private static Task<object?> Exists(QdrantCall call) =>
        Task.FromResult<object?>(new { exists = call.Library.CollectionExists(call.Collection) });

    private static Task<object?> NoAliases(QdrantCall call) => Task.FromResult<object?>(new { aliases = Array.Empty<object>() });

    private static Task<object?> Get(QdrantCall call)
    {
        CollectionStatistics statistics = call.Library.GetCollection(call.Collection).GetStatistics();
        IReadOnlyList<VectorSpec> vectors = call.Library.Records.ListVectors(call.Collection);
        JsonObject named = [];
        foreach (VectorSpec vector in vectors)
        {
            named[vector.Name] = Describe(vector);
        }

        // Numbers that clients read but that mean nothing here are those of an engine that was not told any.
        return Task.FromResult<object?>(new JsonObject
        {
            ["status"] = "green",
            ["optimizer_status"] = "ok",
            ["points_count"] = statistics.EntryCount,
            ["indexed_vectors_count"] = statistics.EntryCount,
            ["segments_count"] = statistics.SegmentCount,
            ["config"] = new JsonObject
            {
                ["params"] = new JsonObject
                {
                    ["vectors"] = vectors is [{ Name.Length: 0 }] ? named[""]!.DeepClone() : named,
                    ["shard_number"] = 1,
                    ["replication_factor"] = 1,
                    ["write_consistency_factor"] = 1,
                    ["on_disk_payload"] = true,
                },
                ["hnsw_config"] = new JsonObject { ["m"] = 16, ["ef_construct"] = 100, ["full_scan_threshold"] = 10_000 },
                ["optimizer_config"] = new JsonObject
                {
                    ["deleted_threshold"] = 0.2,
                    ["vacuum_min_vector_number"] = 1_000,
                    ["default_segment_number"] = 0,
                    ["flush_interval_sec"] = 0,
                },
                ["wal_config"] = null,
                ["quantization_config"] = null,
            },
            ["payload_schema"] = new JsonObject(),
        });
    }

    private static JsonObject Describe(VectorSpec vector)
    {
        JsonObject described = new()
        {
            ["size"] = vector.Dimension,
            ["distance"] = vector.Similarity.ToString(),
            ["on_disk"] = true,
        };
        if (vector.IsMultiVector)
        {
            described["multivector_config"] = new JsonObject { ["comparator"] = "max_sim" };
        }

        if (vector.RowFormat != RowFormat.Float32)
        {
            described["datatype"] = vector.RowFormat == RowFormat.Float16 ? "float16" : "uint8";
        }

        return described;
    }

    private static Task<object?> Create(QdrantCall call)
    {
        if (call.Library.CollectionExists(call.Collection))
        {
            throw new RequestException(
                StatusCodes.Status409Conflict, "collection-exists", $"There is a collection '{call.Collection}' already.");
        }

        if (call.Body.Find("sparse_vectors") is { ValueKind: JsonValueKind.Object } sparse && sparse.EnumerateObject().Any())
        {
            throw QdrantJson.Unsupported("sparse_vectors", "a sparse vector; texts of payloads are searched as words");
        }

        if (call.Body.Find("init_from") is not null)
        {
            throw QdrantJson.Unsupported("init_from", "a copy of another collection");
        }

        JsonElement vectors = call.Body.Get("vectors", "");
        VectorSpec[] specs = vectors.Find("size") is { ValueKind: JsonValueKind.Number }
            ? [Read("", vectors, "vectors")]
            : vectors.ValueKind == JsonValueKind.Object
                ? [.. vectors.EnumerateObject().Select(member => Read(member.Name, member.Value, $"vectors.{member.Name}"))]
                : throw RequestException.Invalid(
                    "vectors", $"vectors is {QdrantJson.Show(vectors)}; it must be size and distance, or these by name.");
        call.Library.Records.Create(call.Collection, specs);
        return Task.FromResult<object?>(true);
    }

    private static VectorSpec Read(string name, JsonElement vector, string path)
    {
        if (vector.Find("multivector_config") is { } many && many.GetText("comparator", $"{path}.multivector_config") != "max_sim")
        {
            throw QdrantJson.Unsupported($"{path}.multivector_config.comparator", "a comparator other than max_sim");
        }

        vector.Get("size", path);
        return new VectorSpec
        {
            Name = name,
            Dimension = vector.FindCount("size", 1, 1, 65_536, path),
            Similarity = vector.GetText("distance", path) switch
            {
                "Cosine" => VectorSimilarity.Cosine,
                "Dot" => VectorSimilarity.Dot,
                var other => throw QdrantJson.Unsupported($"{path}.distance", $"the distance '{other}' (Cosine and Dot are)"),
            },
            IsMultiVector = vector.Find("multivector_config") is not null,
            RowFormat = vector.FindText("datatype", path) switch
            {
                null or "float32" => RowFormat.Float32,
                "float16" => RowFormat.Float16,
                var other => throw QdrantJson.Unsupported($"{path}.datatype", $"the datatype '{other}' (float32 and float16 are)"),
            },
        };
    }

    // The planner measures what it does; settings of graphs and optimizers change nothing.
    private static Task<object?> Update(QdrantCall call)
    {
        call.Library.GetCollection(call.Collection);
        return Task.FromResult<object?>(true);
    }

    // Every field can be filtered by; there is no index to make.
    private static Task<object?> Index(QdrantCall call)
    {
        call.Library.GetCollection(call.Collection);
        return Task.FromResult(PointRoutes.Completed());
    }

    private static async Task<object?> DeleteAsync(QdrantCall call)
    {
        if (!call.Library.CollectionExists(call.Collection))
        {
            return false;
        }

        // Where files were indexed a client would delete what it did not make.
        if (call.Library.GetCollection(call.Collection).Sources.Count() is { Seen: > 0 })
        {
            throw new RequestException(StatusCodes.Status409Conflict, "has-files",
                $"'{call.Collection}' holds files that were indexed; DELETE /v1/collections/{call.Collection}?confirm={call.Collection} deletes it.");
        }

        await call.Library.DeleteCollectionAsync(call.Collection, call.Aborted);
        return true;
    }
}
