using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Serves pictures of entries and the original files.</summary>
internal static class MediaEndpoints
{
    // Few sizes keep the picture cache small; a request gets the next larger one.
    private static readonly int[] Sizes = [160, 320, 640, 960, 1280, 1600, 2048, 3072, 4096];

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapGet("/picture", GetPictureAsync)
            .WithName("getPicture")
            .WithSummary("A JPEG of an entry: the image, the rendered page, or the frame at a time.")
            .WithDescription($"The longer side has at most the next of {string.Join(", ", Sizes)} pixels that is not below size.")
            .WithTags("media")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        collections.MapGet("/file", GetFile)
            .WithName("getFile")
            .WithSummary("The original file of a document, with ranges.")
            .WithTags("media")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone);
    }

    private static async Task<IResult> GetPictureAsync(
        string collection, string? key, int? size, double? time, string? v, HttpContext context, Library library,
            CancellationToken cancellationToken)
    {
        Collection store = library.GetCollection(collection);
        Entry entry = DocumentEndpoints.FindEntry(store, key);
        Document document = DocumentEndpoints.FindDocument(store, entry.DocumentKey);
        int wanted = size ?? EntryLinks.ThumbnailSize;
        if (wanted < 1 || wanted > Sizes[^1])
        {
            throw RequestException.Invalid("size", $"size is {wanted}; it must be in [1, {Sizes[^1]}].");
        }

        if (time is { } seconds && !(seconds >= 0 && seconds <= (entry.DurationSeconds ?? 0)))
        {
            throw RequestException.Invalid("time", entry.DurationSeconds is { } duration
                ? $"time is {seconds}; the video lasts {duration.ToString(CultureInfo.InvariantCulture)} seconds."
                : "time is for videos only.");
        }

        int longSide = Sizes.First(candidate => candidate >= wanted);
        string page = entry.Page?.ToString(CultureInfo.InvariantCulture) ?? "0";
        string moment = time?.ToString(CultureInfo.InvariantCulture) ?? "-";
        EntityTagHeaderValue tag = new($"\"{EntryLinks.Version(document.ContentHash)}-{page}-{longSide}-{moment}\"");
        SetCaching(context, document, v);
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.GetTypedHeaders().ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        byte[] jpeg = await library.GetPictureAsync(collection, entry.Key, longSide, time, cancellationToken);
        return TypedResults.Bytes(jpeg, "image/jpeg", entityTag: tag);
    }

    private static PhysicalFileHttpResult GetFile(string collection, string? key, string? v, HttpContext context, Library library)
    {
        Document document = DocumentEndpoints.FindDocument(library.GetCollection(collection), key);
        FileInfo? file = document.SourcePath is null ? null : new FileInfo(document.SourcePath);
        if (file is not { Exists: true })
        {
            throw new RequestException(StatusCodes.Status410Gone, "file-gone",
                $"The file of '{document.Key}' is no longer where it was indexed.");
        }

        SetCaching(context, document, v);

        // The type is the one found from the bytes; even so, what comes from elsewhere gets no rights in this origin.
        // Chromium shows no PDF inside a sandbox, so a PDF gets a policy without one: it cannot run scripts of the page either.
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = document.ContentType == "application/pdf"
            ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
            : "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox";
        ContentDispositionHeaderValue disposition = new("inline");
        disposition.SetHttpFileName(Path.GetFileName(file.Name));
        headers.ContentDisposition = disposition.ToString();
        return TypedResults.PhysicalFile(
            file.FullName,
            document.ContentType,
            lastModified: file.LastWriteTimeUtc,
            entityTag: new EntityTagHeaderValue(
                $"\"{EntryLinks.Version(document.ContentHash)}-{file.Length}-{file.LastWriteTimeUtc.Ticks:x}\""),
            enableRangeProcessing: true);
    }

    // An address with the right content hash always gives the same bytes; one without is asked about again.
    private static void SetCaching(HttpContext context, Document document, string? version) =>
        context.Response.Headers.CacheControl = version == EntryLinks.Version(document.ContentHash)
            ? "private, max-age=604800, immutable"
            : "private, no-cache";
}
