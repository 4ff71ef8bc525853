using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Qdrant;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>The files of vector stores, one by one and in batches.</summary>
internal static class VectorStoreFileRoutes
{
    private const int MaxFiles = 500;
    private const string PollHeader = "openai-poll-after-ms";

    // What attaches files names them by their ids alone, which keys for some collections may not use: whose a file is, nobody keeps.
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/vector_stores/{id}/files", Attach)
            .WithName("attachFile").WithSummary("Indexes an uploaded file into a vector store.").WithTags("vector stores");
        routes.MapGet("/v1/vector_stores/{id}/files", List).WithMetadata(StoreRoute.Marker)
            .WithName("listVectorStoreFiles").WithSummary("Lists the files of a vector store.").WithTags("vector stores");
        routes.MapGet("/v1/vector_stores/{id}/files/{fileId}", Get).WithMetadata(StoreRoute.Marker)
            .WithName("getVectorStoreFile").WithSummary("Gets how far a file of a vector store is.").WithTags("vector stores");
        routes.MapDelete("/v1/vector_stores/{id}/files/{fileId}", DetachAsync).WithMetadata(StoreRoute.Marker)
            .WithName("detachFile").WithSummary("Takes a file out of a vector store.").WithTags("vector stores");
        routes.MapPost("/v1/vector_stores/{id}/file_batches", AttachBatch)
            .WithName("attachFileBatch").WithSummary("Indexes several uploaded files into a vector store.").WithTags("vector stores");
        routes.MapGet("/v1/vector_stores/{id}/file_batches/{batchId}", GetBatch).WithMetadata(StoreRoute.Marker)
            .WithName("getFileBatch").WithSummary("Gets how far a batch of files is.").WithTags("vector stores");
        routes.MapPost("/v1/vector_stores/{id}/file_batches/{batchId}/cancel", CancelBatch)
            .WithName("cancelFileBatch").WithSummary("Stops the jobs of a batch of files.").WithTags("vector stores");
        routes.MapGet("/v1/vector_stores/{id}/file_batches/{batchId}/files", ListBatch).WithMetadata(StoreRoute.Marker)
            .WithName("listFileBatch").WithSummary("Lists the files of a batch.").WithTags("vector stores");
    }

    /// <summary>An uploaded file, or a problem that names the member.</summary>
    public static StoredFile FindUploaded(Library library, string id, string path)
    {
        StoredFile file = FileRoutes.Find(library, id);
        return file.IsHeld ? file
            : throw RequestException.Invalid(path, $"The file '{id}' lies outside of what is uploaded here; POST .../index takes such files.");
    }

    private static object Attach(string id, JsonElement body, HttpResponse response, Library library)
    {
        VectorStoreRoutes.Find(library, id);
        StoredFile file = FindUploaded(library, ReadObject(body).GetText("file_id", ""), "file_id");
        library.Files.Attach(id, [file], AttributeFilter.ReadAttributes(body, ""));
        return Get(id, file.Id, response, library);
    }

    private static object Get(string id, string fileId, HttpResponse response, Library library)
    {
        Collection collection = VectorStoreRoutes.Find(library, id);
        AttachedFile file = library.Files.FindIn(id, fileId) ?? throw NotFound(id, fileId);
        response.Headers[PollHeader] = "500";
        return ToBody(id, file, collection);
    }

    private static object List(
        string id, Library library, [FromQuery] string? after, [FromQuery] string? before, [FromQuery] int? limit,
        [FromQuery] string? order, [FromQuery] string? filter)
    {
        Collection collection = VectorStoreRoutes.Find(library, id);
        return Page(id, library.Files.ListIn(id), collection, after, before, limit, order, filter);
    }

    private static async Task<object> DetachAsync(string id, string fileId, Library library, CancellationToken cancellationToken)
    {
        VectorStoreRoutes.Find(library, id);
        return await library.Files.DetachAsync(id, fileId, cancellationToken)
            ? new { id = fileId, @object = "vector_store.file.deleted", deleted = true }
            : throw NotFound(id, fileId);
    }

    private static object AttachBatch(string id, JsonElement body, HttpResponse response, Library library)
    {
        VectorStoreRoutes.Find(library, id);
        (StoredFile File, IReadOnlyDictionary<string, MetadataValue> Metadata)[] files = ReadBatch(ReadObject(body), library);
        if (files.Length is 0 or > MaxFiles)
        {
            throw RequestException.Invalid("file_ids", $"A batch has {files.Length} files; it takes 1 to {MaxFiles}.");
        }

        // What has the same attributes is one job.
        FileBatch batch = library.Files.AttachBatch(id,
        [
            .. files.GroupBy(file => JsonSerializer.Serialize(VectorStoreSearch.ToAttributes(file.Metadata)), StringComparer.Ordinal)
                .Select(group => new FileGroup { Files = [.. group.Select(file => file.File)], Metadata = group.First().Metadata }),
        ]);
        return ToBody(batch, response, library);
    }

    private static object GetBatch(string id, string batchId, HttpResponse response, Library library)
    {
        return ToBody(FindBatch(id, batchId, library), response, library);
    }

    private static object ToBody(FileBatch batch, HttpResponse response, Library library)
    {
        IReadOnlyList<AttachedFile> files = library.Files.ListIn(batch);
        int Count(AttachedState state) => files.Count(file => file.State == state);
        response.Headers[PollHeader] = "500";
        return new
        {
            id = batch.Id,
            @object = "vector_store.files_batch",
            created_at = batch.CreatedAt.ToUnixTimeSeconds(),
            vector_store_id = batch.Collection,
            status = Count(AttachedState.InProgress) > 0 ? "in_progress"
                : Count(AttachedState.Cancelled) > 0 ? "cancelled"
                : files.Count > 0 && Count(AttachedState.Failed) == files.Count ? "failed" : "completed",
            file_counts = new
            {
                in_progress = Count(AttachedState.InProgress),
                completed = Count(AttachedState.Completed),
                failed = Count(AttachedState.Failed),
                cancelled = Count(AttachedState.Cancelled),
                total = batch.FileIds.Count,
            },
        };
    }

    private static object CancelBatch(string id, string batchId, HttpResponse response, Library library)
    {
        FileBatch batch = FindBatch(id, batchId, library);
        foreach (string job in batch.JobIds)
        {
            library.Jobs.Cancel(job);
        }

        return ToBody(batch, response, library);
    }

    private static object ListBatch(
        string id, string batchId, Library library, [FromQuery] string? after, [FromQuery] string? before, [FromQuery] int? limit,
        [FromQuery] string? order, [FromQuery] string? filter)
    {
        FileBatch batch = FindBatch(id, batchId, library);
        return Page(id, library.Files.ListIn(batch), library.GetCollection(id), after, before, limit, order, filter);
    }

    private static FileBatch FindBatch(string id, string batchId, Library library)
    {
        VectorStoreRoutes.Find(library, id);
        return library.Files.FindBatch(id, batchId)
            ?? throw RequestException.NotFound("unknown-batch", $"There is no batch '{batchId}'; the last 1,000 are known.");
    }

    private static (StoredFile File, IReadOnlyDictionary<string, MetadataValue> Metadata)[] ReadBatch(JsonElement body, Library library)
    {
        if (body.Find("files") is { } files)
        {
            return
            [
                .. files.List("files").Select(item => (
                    FindUploaded(library, item.Value.GetText("file_id", item.Path), $"{item.Path}.file_id"),
                    AttributeFilter.ReadAttributes(item.Value, item.Path))),
            ];
        }

        IReadOnlyDictionary<string, MetadataValue> all = AttributeFilter.ReadAttributes(body, "");
        return
        [
            .. body.Get("file_ids", "").List("file_ids").Select(item =>
                (FindUploaded(library, QdrantJson.ToText(item.Value, item.Path), item.Path), all)),
        ];
    }

    private static JsonElement ReadObject(JsonElement body) => body.ValueKind == JsonValueKind.Object
        ? body
        : throw RequestException.Invalid("$", "The body must be an object.");

    private static object Page(
        string id, IReadOnlyList<AttachedFile> files, Collection collection, string? after, string? before, int? limit, string? order,
        string? filter)
    {
        AttachedState? state = filter switch
        {
            null => null,
            "in_progress" => AttachedState.InProgress,
            "completed" => AttachedState.Completed,
            "failed" => AttachedState.Failed,
            "cancelled" => AttachedState.Cancelled,
            _ => throw RequestException.Invalid(
                "filter", $"filter is '{filter}'; it must be one of in_progress, completed, failed, cancelled."),
        };
        return OpenAiList.Page(
            [.. files.Where(file => state is null || file.State == state)], file => file.Id, file => ToBody(id, file, collection), after,
            before, limit, order);
    }

    private static object ToBody(string id, AttachedFile file, Collection collection) => new
    {
        id = file.Id,
        @object = "vector_store.file",
        usage_bytes = file.State == AttachedState.Completed ? file.SizeInBytes : 0,
        created_at = file.CreatedAt.ToUnixTimeSeconds(),
        vector_store_id = id,
        status = file.State switch
        {
            AttachedState.InProgress => "in_progress",
            AttachedState.Completed => "completed",
            AttachedState.Failed => "failed",
            _ => "cancelled",
        },
        last_error = file.State == AttachedState.Failed
            ? new
            {
                code = file.IsExcluded ? "unsupported_file" : file.Source is null ? "server_error" : "invalid_file",
                message = file.Reason,
            }
            : null,
        attributes = VectorStoreSearch.ToAttributes(
            file.DocumentKey is { } key && collection.Documents.Get(key) is { } document ? document.Metadata : file.Metadata),
        filename = file.FileName,
    };

    private static RequestException NotFound(string id, string fileId) =>
        RequestException.NotFound("unknown-file", $"There is no file '{fileId}' in the vector store '{id}'.");
}
