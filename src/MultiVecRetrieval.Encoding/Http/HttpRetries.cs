using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace MultiVecRetrieval.Encoding.Http;

/// <summary>When a request is repeated, and after what pause.</summary>
internal static class HttpRetries
{
    /// <summary>The longest pause that a server may ask for; what asks for more is an error at once, with the time in it.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestOwnWait = TimeSpan.FromSeconds(30);

    /// <summary>Repeats what throws <see cref="TransientHttpException"/>: after what the server asks for, else after a pause that doubles,
    /// with jitter.</summary>
    /// <param name="attempts">Repetitions at most; 0 for none.</param>
    /// <param name="delay">The first pause.</param>
    public static ResiliencePipeline Create(int attempts, TimeSpan delay) => attempts == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<TransientHttpException>(error => !(error.RetryAfter > LongestWait)),
            MaxRetryAttempts = attempts,
            Delay = delay,
            MaxDelay = LongestOwnWait,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as TransientHttpException)?.RetryAfter),
        }).Build();

    /// <summary>True for an answer that says that the same request may do later.</summary>
    public static bool IsTransient(HttpStatusCode status) => status
        is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>What Retry-After says, in seconds or as a date; null without it.</summary>
    public static TimeSpan? ReadRetryAfter(HttpResponseHeaders headers)
    {
        TimeSpan? wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - DateTimeOffset.UtcNow);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
