using Microsoft.AspNetCore.Http.Features;

namespace MultiVecRetrieval.Server.Access;

/// <summary>
/// Lets a request through when it names a host of ours (DNS rebinding), does not come from a page of another origin
/// (request forgery), and brings the key when one is set.
/// </summary>
internal sealed class AccessGuard(RequestDelegate next, ServerOptions options, AccessKeys keys)
{
    public const string CookieName = "mvr-session";

    private static readonly string[] OpenPaths = ["/v1/session"];

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            bool isUpload = context.GetEndpoint()?.Metadata.GetMetadata<UploadLimit>() is not null;
            size.MaxRequestBodySize = isUpload ? options.MaxUploadBytes : options.MaxRequestBytes;
        }

        if (!keys.AreNeeded && !IsOwnHost(request.Host.Host))
        {
            return ProblemMapping.WriteAsync(context, ProblemMapping.Create(421, "foreign-host",
                $"The request names the host '{request.Host.Host}', which is not this server. Use localhost, or add the name to server:allowedHosts.",
                "server:allowedHosts"));
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && IsCrossOrigin(request))
        {
            return ProblemMapping.WriteAsync(context, ProblemMapping.Create(403, "foreign-origin",
                "Pages of other origins may not change anything here."));
        }

        if (keys.AreNeeded && NeedsKey(context))
        {
            if (FindKey(request) is not { } key)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return ProblemMapping.WriteAsync(context, ProblemMapping.Create(401, "key-needed",
                    "Send the key as 'Authorization: Bearer KEY' or 'api-key: KEY'.", "server:apiKey"));
            }

            context.Items[typeof(AccessKey)] = key;
            if (FindProblem(context, key) is { } refused)
            {
                return ProblemMapping.WriteAsync(context, ProblemMapping.Create(refused.Status, refused.Kind, refused.Message));
            }
        }

        return next(context);
    }

    private bool IsOwnHost(string host) =>
        ServerOptionsReader.IsLoopback(host) || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    // Browsers send Sec-Fetch-Site, and Origin with every request that is not a plain read; other clients send neither.
    private static bool IsCrossOrigin(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is not null)
        {
            return site is not ("same-origin" or "none");
        }

        string? origin = request.Headers.Origin;
        return origin is not null
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
                && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    // The page itself holds no data; it asks for the key, which everything else needs. Metrics name collections. What is no route
    // says so to anyone.
    private bool NeedsKey(HttpContext context) => context.Request.Path.StartsWithSegments(Telemetry.Path)
        ? !options.OpenMetrics
        : context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<OpenAccess>() is null
            && !OpenPaths.Any(open => context.Request.Path.Equals(open, StringComparison.Ordinal));

    private static RequestException? FindProblem(HttpContext context, AccessKey key)
    {
        Endpoint? endpoint = context.GetEndpoint();
        bool reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            || endpoint?.Metadata.GetMetadata<ReadRoute>() is not null;
        if (!key.CanWrite && !reads)
        {
            return new RequestException(StatusCodes.Status403Forbidden, "key-only-reads",
                $"The key '{key.Name}' only reads; this changes something.");
        }

        // What lists collections lists those of the key; other routes without a collection may be about any.
        string? collection = StoreRoute.FindCollection(context);
        return key.Collections.Count == 0 || endpoint?.Metadata.GetMetadata<ListRoute>() is not null
            || (collection is not null && key.Covers(collection))
            ? null
            : AccessKey.Foreign(key, collection);
    }

    private AccessKey? FindKey(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        string? given = authorization?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true
            ? authorization[7..].Trim()
            : request.Headers["api-key"];
        return given is not null ? keys.Find(given)
            : request.Cookies[CookieName] is { } cookie ? keys.FindSession(cookie)
            : null;
    }
}
