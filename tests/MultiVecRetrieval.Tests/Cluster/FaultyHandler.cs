using System.Net;

namespace MultiVecRetrieval.Tests.Cluster;

/// <summary>Lets some answers of a store fail: refused, busy, cut, changed, or lost after the store had done what was asked.</summary>
internal sealed class FaultyHandler : DelegatingHandler
{
    private readonly Random _random;
    private readonly Lock _gate = new();

    public FaultyHandler(int seed)
        : base(new HttpClientHandler()) => _random = new Random(seed);

    /// <summary>The part of requests that fail, 0 to 1.</summary>
    public double Share { get; set; }

    /// <summary>How many failed.</summary>
    public int Count { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int fault;
        lock (_gate)
        {
            fault = _random.NextDouble() < Share ? _random.Next(5) : -1;
            Count += fault < 0 ? 0 : 1;
        }

        switch (fault)
        {
            case 0:
                return new HttpResponseMessage(HttpStatusCode.InternalServerError) { RequestMessage = request, Content = new StringContent("") };
            case 1:
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
                {
                    RequestMessage = request,
                    Content = new StringContent("<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"),
                };
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (fault == 2)
        {
            response.Dispose();
            throw new HttpRequestException("The answer was lost.");
        }

        if (fault >= 3 && request.Method == HttpMethod.Get && response.IsSuccessStatusCode)
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            ByteArrayContent damaged = fault == 3 || body.Length == 0
                ? new ByteArrayContent(body[..(body.Length / 2)])
                : new ByteArrayContent([.. body[..^1], (byte)~body[^1]]);
            foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
            {
                damaged.Headers.TryAddWithoutValidation(name, values);
            }

            damaged.Headers.ContentLength = body.Length;
            response.Content = damaged;
        }

        return response;
    }
}
