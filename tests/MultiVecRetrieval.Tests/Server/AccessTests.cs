using System.Net;
using System.Net.Http.Json;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

public class AccessTests
{
    private const string Key = "0123456789abcdef-key";

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example:80")]
    public async Task Request_ForeignHost_IsRefused(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections") { Headers = { Host = host } };

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await Problems.AssertAsync(response, HttpStatusCode.MisdirectedRequest, "foreign-host");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Change_FromForeignPage_IsRefused(string header, string value)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Put, "/v1/collections/c") { Content = JsonContent.Create(new { }) };
        request.Headers.Add(header, value);

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await Problems.AssertAsync(response, HttpStatusCode.Forbidden, "foreign-origin");
    }

    [Fact]
    public async Task Answers_HaveNoCorsHeaders_AndForbidSniffing()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections") { Headers = { { "Origin", "http://evil.example" } } };

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer wrong-key-wrong-key")]
    [InlineData("api-key", "")]
    [InlineData("Cookie", "mvr-session=0123456789abcdef-key")]
    public async Task Request_WithoutTheKey_IsRefused(string? header, string? value)
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await Problems.AssertAsync(response, HttpStatusCode.Unauthorized, "key-needed");
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData("api-key", Key)]
    public async Task Request_WithTheKey_Passes(string header, string value)
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections");
        request.Headers.TryAddWithoutValidation(header, value);

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/")]
    public async Task OpenPath_WithoutTheKey_Passes(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });

        using HttpResponseMessage response = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Session_WithTheKey_GivesACookieThatPasses()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });

        using HttpResponseMessage wrong = await server.Client.PostAsJsonAsync("/v1/session", new { key = "not-the-key-at-all" });
        using HttpResponseMessage right = await server.Client.PostAsJsonAsync("/v1/session", new { key = Key });
        string cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await Problems.AssertAsync(wrong, HttpStatusCode.Unauthorized, "wrong-key");
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Key, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
