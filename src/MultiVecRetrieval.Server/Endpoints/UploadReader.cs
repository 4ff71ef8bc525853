using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Streams the files of a multipart request into the library, without holding one in memory.</summary>
internal static class UploadReader
{
    private const int MaxFileCount = 1000;

    /// <summary>Stores the files of the request one after the other; <paramref name="stored"/> grows by each path as it is
    /// complete.</summary>
    /// <exception cref="RequestException">The request holds no file, too many, or one without a usable name.</exception>
    public static async Task StoreAsync(
        HttpRequest request, string collection, Library library, List<string> stored, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-content-type",
                $"The body is '{request.ContentType}'; send multipart/form-data.");
        }

        MultipartReader reader = new(boundary, request.Body);
        while (await NextAsync(reader, cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition)
                || !disposition.IsFileDisposition())
            {
                throw RequestException.Invalid("$", "Every part must be a file with a file name.");
            }

            if (stored.Count == MaxFileCount)
            {
                throw RequestException.Invalid("$", $"More than {MaxFileCount} files came in one request.");
            }

            string name = disposition.FileNameStar.HasValue
                ? disposition.FileNameStar.Value!
                : HeaderUtilities.RemoveQuotes(disposition.FileName).Value!;
            stored.Add(await StoreAsync(collection, name, section.Body, library, cancellationToken));
        }

        if (stored.Count == 0)
        {
            throw RequestException.Invalid("$", "The request holds no file.");
        }
    }

    private static async Task<string> StoreAsync(
        string collection, string name, Stream content, Library library, CancellationToken cancellationToken)
    {
        try
        {
            return await library.Uploads.StoreAsync(collection, name, content, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw RequestException.Invalid("$", $"'{name}' is no usable file name: {e.Message}");
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
            throw RequestException.Invalid("$", $"The multipart body cannot be read: {e.Message}");
        }
    }
}
