using ModelContextProtocol.AspNetCore;
using MultiVecRetrieval.Mcp;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>The Model Context Protocol over HTTP: every request stands alone, so nothing is kept between them.</summary>
internal static class McpEndpoint
{
    public const string Path = "/mcp";

    public static void AddServices(IServiceCollection services) =>
        services.AddMcpServer().WithHttpTransport(transport =>
        {
            transport.SessionMode = HttpServerSessionMode.Stateless;
            transport.ConfigureSessionOptions = (context, server, _) =>
            {
                IServiceProvider provider = context.RequestServices;
                LibraryTools.AddTo(
                    server, provider.GetRequiredService<Library>(),
                    Describe(provider.GetRequiredService<ServerOptions>(), context.Request),
                    provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(McpEndpoint)));
                return Task.CompletedTask;
            };
        });

    /// <summary>Checks bodies as those of other routes are, before they are read as messages.</summary>
    public static async Task CheckBodyAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasJsonContentType())
        {
            await next(context);
            return;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        JsonTexts.Parse(body.ToArray()).Dispose();
        body.Position = 0;
        context.Request.Body = body;
        await next(context);
    }

    // A key that only reads gets the tools that only read, and one for some collections those collections alone.
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapMcp(Path).WithMetadata(ReadRoute.Marker, StreamRoute.Marker, ListRoute.Marker).ExcludeFromDescription();

    // Addresses are those of whoever asks: the host was checked, or the key was given.
    private static McpOptions Describe(ServerOptions options, HttpRequest request)
    {
        string root = $"{request.Scheme}://{request.Host.ToUriComponent()}";
        return new McpOptions
        {
            MaxTop = options.MaxTop,
            MaxTopSetting = "server:maxTop",
            MaxQueryLength = options.MaxQueryLength,
            MaxQueryLengthSetting = "server:maxQueryLength",
            DocumentAddress = (collection, document) => root + new EntryLinks(collection).File(document.Key, document.ContentHash),
            IsOpen = AccessKey.Of(request.HttpContext) is { Collections.Count: > 0 } key ? key.Covers : null,
            IndexFolders = options.AllowedRoots.Count == 0 || AccessKey.Of(request.HttpContext) is { CanWrite: false }
                ? null
                : new AllowedFolders(options.AllowedRoots, AllowedPaths.Setting),
        };
    }
}
