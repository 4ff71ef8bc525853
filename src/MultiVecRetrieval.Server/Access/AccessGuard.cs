using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;

namespace MultiVecRetrieval.Server.Access;

/// <summary>
/// Lets a request through when it names a host of ours (DNS rebinding), does not come from a page of another origin
/// (request forgery), and brings the key when one is set.
/// </summary>
internal sealed class AccessGuard(RequestDelegate next, ServerOptions options)
{
    public const string CookieName = "mvr-session";

    private static readonly string[] OpenPaths = ["/healthz", "/readyz", "/v1/session"];

    private readonly byte[]? _keyHash = options.ApiKey is null ? null : SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(options.ApiKey));

    /// <summary>The value of the page's cookie: proves the key was given without holding it.</summary>
    public static string SessionToken(string key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key), "multivecretrieval page session"u8));

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            bool isUpload = context.GetEndpoint()?.Metadata.GetMetadata<UploadLimit>() is not null;
            size.MaxRequestBodySize = isUpload ? options.MaxUploadBytes : options.MaxRequestBytes;
        }

        if (_keyHash is null && !IsOwnHost(request.Host.Host))
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

        if (_keyHash is not null && NeedsKey(context) && !HasKey(request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ProblemMapping.WriteAsync(context, ProblemMapping.Create(401, "key-needed",
                "Send the key as 'Authorization: Bearer KEY' or 'api-key: KEY'.", "server:apiKey"));
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

    private bool HasKey(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        string? given = authorization?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true
            ? authorization[7..].Trim()
            : request.Headers["api-key"];
        if (given is not null)
        {
            return Matches(given);
        }

        return request.Cookies[CookieName] is { } cookie
            && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(cookie)),
                    SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(SessionToken(options.ApiKey!))));
    }

    // Hashes have one length, so the comparison tells nothing about the key, not even how long it is.
    private bool Matches(string given)
        => CryptographicOperations.FixedTimeEquals(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(given)), _keyHash);

    /// <summary>True when <paramref name="given"/> is the key, in time that does not depend on where they differ.</summary>
    public static bool IsKey(string given, string key) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(given)), SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
}
