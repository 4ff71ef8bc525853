using System.Globalization;
using System.Threading.RateLimiting;

namespace MultiVecRetrieval.Server.Access;

/// <summary>How many requests run at once, and how many a client may send in a minute; what is beyond is refused with 429.</summary>
internal static class RequestLimits
{
    public static void Add(IServiceCollection services, ServerOptions options) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => IsLimited(context)
                ? RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = options.MaxConcurrentRequests,
                    QueueLimit = 0,
                })
                : RateLimitPartition.GetNoLimiter("open")),
            PartitionedRateLimiter.Create<HttpContext, string>(context => IsLimited(context) && options.RequestsPerMinute > 0
                ? RateLimitPartition.GetFixedWindowLimiter(ClientOf(context), _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = options.RequestsPerMinute,
                    Window = TimeSpan.FromMinutes(1),
                    QueueLimit = 0,
                })
                : RateLimitPartition.GetNoLimiter("open")));
        limiter.OnRejected = async (rejected, cancellationToken) =>
        {
            bool isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait);
            int seconds = isRate ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await ProblemMapping.WriteAsync(
                rejected.HttpContext,
                isRate
                    ? ProblemMapping.Create(StatusCodes.Status429TooManyRequests, "too-many-requests",
                        $"More than {options.RequestsPerMinute} requests came in a minute (setting server:requestsPerMinute); try again in {seconds} s.",
                        "server:requestsPerMinute", options.RequestsPerMinute)
                    : ProblemMapping.Create(StatusCodes.Status429TooManyRequests, "too-many-requests",
                        $"{options.MaxConcurrentRequests} requests are being answered (setting server:maxConcurrentRequests); try again.",
                        "server:maxConcurrentRequests", options.MaxConcurrentRequests),
                cancellationToken);
        };
    });

    // Health checks and the page's own files cost nothing; streams of events have a limit of their own.
    private static bool IsLimited(HttpContext context) => context.GetEndpoint() is { } endpoint
        && endpoint.Metadata.GetMetadata<OpenAccess>() is null && endpoint.Metadata.GetMetadata<StreamRoute>() is null;

    private static string ClientOf(HttpContext context) =>
        AccessKey.Of(context)?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
}
