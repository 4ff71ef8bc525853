using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Qdrant;

namespace MultiVecRetrieval.Server.Page;

/// <summary>Serves the web page from the resources of this assembly.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";

    // Nothing but our own files runs or loads, and no other page may frame this one.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Assembly assembly = typeof(PageFiles).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string path = name[Prefix.Length..];
            byte[] bytes = Read(assembly, name);
            EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
            string contentType = ContentType(path);
            Serve(routes, "/" + path, bytes, tag, contentType);
            if (path == "index.html")
            {
                // Programs ask the same address what answers there; people's browsers ask for HTML.
                Serve(routes, "/", bytes, tag, contentType,
                    request => !request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    private static void Serve(IEndpointRouteBuilder routes, string path, byte[] bytes, EntityTagHeaderValue tag, string contentType,
        Func<HttpRequest, bool>? isProgram = null) =>
        routes.MapGet(path, IResult (HttpContext context) =>
        {
            context.Response.Headers.Vary = "Accept";
            if (isProgram?.Invoke(context.Request) == true)
            {
                return TypedResults.Json(CollectionRoutes.Describe());
            }

            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(bytes, contentType, entityTag: tag);
        }).WithMetadata(new OpenAccess()).ExcludeFromDescription();

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"The page file {path} has a type that is not served."),
    };
}
