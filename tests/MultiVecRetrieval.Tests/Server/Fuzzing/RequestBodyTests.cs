using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using MultiVecRetrieval.Server.OpenAi;
using MultiVecRetrieval.Tests.Server.Models;

namespace MultiVecRetrieval.Tests.Server.Fuzzing;

/// <summary>
/// Sends wrong bodies to every route that takes one: each is answered or refused with a reason, and none is a failure of the server.
/// <c>MVR_FUZZ_SEED</c> chooses other bodies, <c>MVR_FUZZ_BODIES</c> how many a route is sent.
/// </summary>
public sealed class RequestBodyTests(ModelServer server, ITestOutputHelper output) : IClassFixture<ModelServer>
{
    private static readonly int Seed = ReadNumber("MVR_FUZZ_SEED", 20261201);
    private static readonly int BodiesPerRoute = ReadNumber("MVR_FUZZ_BODIES", 40);
    private static readonly string[] Collections = ["t", "sample", "seen"];
    private static readonly string[] RoutesWithoutBody = ["/retry", "/restore", "/cancel"];

    [Fact]
    public async Task EveryBody_OnEveryRoute_IsAnsweredOrRefusedWithAReason()
    {
        output.WriteLine($"Seed {Seed}, {BodiesPerRoute} bodies a route.");
        await FillAsync();
        Random random = new(Seed);
        SchemaExamples schemas = new();
        List<string> wrong = [];
        int sent = 0;
        int answered = 0;
        foreach ((string method, RouteEndpoint route) in TakingBodies())
        {
            FuzzBody[] bodies = [.. Bodies(method, route, schemas)];
            random.Shuffle(bodies);

            // Each good body of this route leaves a collection behind.
            int count = PatternOf(route) == "/v1/vector_stores" ? BodiesPerRoute / 4 : BodiesPerRoute;
            foreach (FuzzBody body in bodies.Take(count))
            {
                string address = AddressOf(route, random);
                (string? problem, bool isAnswer) = await SendAsync(method, address, route, body);
                sent++;
                answered += isAnswer ? 1 : 0;
                if (problem is not null)
                {
                    wrong.Add($"{method} {address} {body}\n  -> {problem}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"Seed {Seed}: {wrong.Count} of {sent} answers are wrong.\n{string.Join('\n', wrong.Take(40))}");

        // Bodies of which none is good say nothing of what lies behind the first check.
        Assert.InRange(answered, sent / 20, sent);
    }

    [Fact]
    public void EveryRouteWithABody_HasAGoodOne()
    {
        SchemaExamples schemas = new();
        string[] without =
        [
            .. TakingBodies().Where(known => Bodies(known.Method, known.Route, schemas).Count == 0)
                .Select(known => $"{known.Method} {PatternOf(known.Route)}"),
        ];

        Assert.True(without.Length == 0, $"GoodBodies has nothing for {string.Join(", ", without)}.");
    }

    private IEnumerable<(string Method, RouteEndpoint Route)> TakingBodies() =>
        from route in server.Routes
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method is "POST" or "PUT" or "PATCH"
        let pattern = PatternOf(route)
        orderby pattern, method
        select (method, route);

    private List<FuzzBody> Bodies(string method, RouteEndpoint route, SchemaExamples schemas)
    {
        string pattern = PatternOf(route);
        string image = ModelServer.Png(ModelServer.Picture());
        List<FuzzBody> bodies = [];
        foreach (string good in GoodBodies.Of($"{method} {pattern}", server.One, image)
            .Concat(schemas.Find(method, pattern) is { } example ? [example] : []))
        {
            bodies.AddRange(BodyMutations.Of(good));
        }

        if (pattern.EndsWith("/documents", StringComparison.Ordinal) || pattern is "/v1/files")
        {
            bodies.AddRange(BodyMutations.OfForms("file", "notes.md", "# Notes\n\nred\n"));
        }
        else if (pattern.EndsWith("/search", StringComparison.Ordinal) && pattern.StartsWith("/v1/collections", StringComparison.Ordinal))
        {
            bodies.AddRange(BodyMutations.OfForms("image", "x.png", "no picture"));
        }
        else if (RoutesWithoutBody.Any(end => pattern.EndsWith(end, StringComparison.Ordinal)))
        {
            bodies.AddRange(BodyMutations.OfText("{}").Concat(BodyMutations.Types("{}")));
        }

        return bodies;
    }

    private async Task<(string? Problem, bool IsAnswer)> SendAsync(string method, string address, RouteEndpoint route, FuzzBody body)
    {
        using ByteArrayContent content = new(body.Bytes);
        if (body.ContentType is { } type)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using HttpRequestMessage request = new(new HttpMethod(method), address) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            using HttpResponseMessage response = await server.Client.SendAsync(request, late.Token);
            string text = await response.Content.ReadAsStringAsync(late.Token);
            int status = (int)response.StatusCode;
            return status >= 500 ? ($"{status}: {text}", false)
                : status >= 400 && ReasonOf(route, text) is not { Length: > 0 } ? ($"{status} without a reason: '{text}'", false)
                : (null, status < 400);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return ("no answer within 20 seconds", false);
        }
        catch (HttpRequestException broken)
        {
            return ($"no answer: {broken.Message}", false);
        }
    }

    // Each family of routes says it in the place that its clients read; what is no message of agents is refused as elsewhere.
    private static string? ReasonOf(RouteEndpoint route, string text)
    {
        string pattern = PatternOf(route);
        try
        {
            JsonElement body = JsonSerializer.Deserialize<JsonElement>(text);
            return OpenAiRoute.IsOne(route) || (pattern == "/mcp" && body.TryGetProperty("error", out _)) ? body.GetProperty("error").GetProperty("message").GetString()
                : pattern.StartsWith("/collections", StringComparison.Ordinal) ? body.GetProperty("status").GetProperty("error").GetString()
                : body.GetProperty("type").GetString() is { } type && type.StartsWith("urn:multivecretrieval:", StringComparison.Ordinal)
                    ? body.GetProperty("detail").GetString() : null;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string PatternOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

    private string AddressOf(RouteEndpoint route, Random random) => PatternOf(route)
        .Replace("{collection}", Collections[random.Next(Collections.Length)], StringComparison.Ordinal)
        .Replace("{space}", random.Next(2) == 0 ? server.One : "dense", StringComparison.Ordinal)
        .Replace("/jobs/{id}", "/jobs/left", StringComparison.Ordinal)
        .Replace("{id}", Collections[random.Next(Collections.Length)], StringComparison.Ordinal)
        .Replace("{batchId}", "vsfb_none", StringComparison.Ordinal);

    // One collection of texts without vectors, one of a client's vectors, one of a picture that a model sees.
    private async Task FillAsync()
    {
        SampleCollection.Write(server.DataFolder);
        await SendGoodAsync("PUT", "/collections/t", GoodBodies.Of("PUT /collections/{collection}", "", "")[0]);
        await SendGoodAsync("PUT", "/collections/t/points", GoodBodies.Of("PUT /collections/{collection}/points", "", "")[0]);
        string file = Path.Combine(server.DataFolder, "..", Path.GetRandomFileName(), "seen.png");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, Convert.FromBase64String(ModelServer.Png(ModelServer.Picture())));
        await server.Library.IndexAsync(
            new IndexRequest { Collection = "seen", Paths = [file], Models = [server.One] },
            cancellationToken: TestContext.Current.CancellationToken);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private async Task SendGoodAsync(string method, string address, string body)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), address)
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, FuzzBody.Json),
        };
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static int ReadNumber(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int number) ? number : standard;
}
