using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Files that are uploaded first and attached to vector stores later.</summary>
internal static class FileRoutes
{
    private const int MaxPurposeLength = 64;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/files", UploadAsync).WithMetadata(new UploadLimit()).DisableAntiforgery()
            .WithName("storeFile").WithSummary("Keeps a file: a form with file and purpose.").WithTags("files")
            .Accepts<IFormFile>("multipart/form-data");
        routes.MapGet("/v1/files", List)
            .WithName("listStoredFiles").WithSummary("Lists uploaded files.").WithTags("files");
        routes.MapGet("/v1/files/{id}", (string id, Library library) => ToBody(Find(library, id)))
            .WithName("getStoredFile").WithSummary("Gets a file.").WithTags("files");
        routes.MapGet("/v1/files/{id}/content", GetContent)
            .WithName("getStoredFileContent").WithSummary("Gets the bytes of a file.").WithTags("files");
        routes.MapDelete("/v1/files/{id}", DeleteAsync)
            .WithName("deleteStoredFile").WithSummary("Deletes an uploaded file and takes it out of every store.").WithTags("files");
    }

    /// <summary>The file of an id, or a problem that names it.</summary>
    public static StoredFile Find(Library library, string id) => library.Files.Find(id) ?? throw NotFound(id);

    private static RequestException NotFound(string id) => RequestException.NotFound("unknown-file", $"There is no file '{id}'.");

    private static object ToBody(StoredFile file) => new
    {
        id = file.Id,
        @object = "file",
        bytes = file.SizeInBytes,
        created_at = file.CreatedAt.ToUnixTimeSeconds(),
        expires_at = (long?)null,
        filename = file.FileName,
        purpose = file.Purpose.Length > 0 ? file.Purpose : "assistants",
        status = "processed",
    };

    private static object List(
        Library library, [FromQuery] string? purpose, [FromQuery] string? after, [FromQuery] int? limit, [FromQuery] string? order) =>
        OpenAiList.Page(
            [.. library.Files.List().Where(file => purpose is null || file.Purpose == purpose)], file => file.Id, ToBody, after,
            before: null, limit, order);

    private static async Task<object> UploadAsync(HttpRequest request, Library library)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-content-type",
                $"The body is '{request.ContentType}'; send multipart/form-data.");
        }

        StoredFile? file = null;
        try
        {
            string? purpose = null;
            MultipartReader reader = new(boundary, request.Body);
            while (await NextAsync(reader, request.HttpContext.RequestAborted) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
                {
                    throw RequestException.Invalid("file", "A part of the form has no name.");
                }

                string name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (name == "file" && disposition.IsFileDisposition() && file is null)
                {
                    file = await StoreAsync(library, disposition, section.Body, request.HttpContext.RequestAborted);
                }
                else if (name == "purpose")
                {
                    purpose = await section.ReadAsStringAsync(request.HttpContext.RequestAborted);
                }
                else if (!name.StartsWith("expires_after", StringComparison.Ordinal))
                {
                    throw RequestException.Invalid(name, $"The form has the part '{name}'; it takes one file and purpose.");
                }
            }

            if (file is null)
            {
                throw RequestException.Invalid("file", "The form holds no file.");
            }

            if (string.IsNullOrWhiteSpace(purpose) || purpose.Length > MaxPurposeLength)
            {
                throw RequestException.Invalid("purpose", $"purpose must be a text of 1 to {MaxPurposeLength} characters.");
            }

            return ToBody(library.Files.SetPurpose(file, purpose));
        }
        catch when (file is not null)
        {
            await library.Files.DeleteAsync(file.Id);
            throw;
        }
    }

    private static async Task<StoredFile> StoreAsync(
        Library library, ContentDispositionHeaderValue disposition, Stream content, CancellationToken cancellationToken)
    {
        string name = disposition.FileNameStar.HasValue
            ? disposition.FileNameStar.Value!
            : HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "";
        try
        {
            return await library.Files.StoreAsync(name, content, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw RequestException.Invalid("file", $"'{name}' is no usable file name: {e.Message}");
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException && e is not BadHttpRequestException))
        {
            throw RequestException.Invalid("file", $"The multipart body cannot be read: {e.Message}");
        }
    }

    private static PhysicalFileHttpResult GetContent(string id, Library library)
    {
        StoredFile file = Find(library, id);
        return File.Exists(file.Path)
            ? TypedResults.PhysicalFile(file.Path, "application/octet-stream", file.FileName)
            : throw new RequestException(StatusCodes.Status410Gone, "file-gone", $"The file '{id}' is not on disk any more.");
    }

    private static async Task<object> DeleteAsync(string id, Library library, CancellationToken cancellationToken)
    {
        if (!Find(library, id).IsHeld)
        {
            throw RequestException.Invalid(
                "id", "The file lies outside of what is uploaded here and is not deleted; take it out of its vector store.");
        }

        return await library.Files.DeleteAsync(id, cancellationToken)
            ? new { id, @object = "file", deleted = true }
            : throw NotFound(id);
    }
}
