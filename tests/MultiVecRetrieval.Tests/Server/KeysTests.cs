using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Mcp;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Keys of a file: what they may read and write, and that they come and go while the server runs.</summary>
public sealed class KeysTests : IDisposable
{
    private const string Reader = "reader-0123456789";
    private const string Writer = "writer-0123456789";
    private const string Limited = "limited-0123456789";

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public KeysTests()
    {
        _file = _folder.PathOf("keys.json");
        Write(("reader", Reader, "read", []), ("writer", Writer, "write", []), ("limited", Limited, "write", ["sam*"]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Reader, "GET", "/v1/collections/sample", "", HttpStatusCode.OK)]
    [InlineData(Reader, "POST", "/v1/collections/sample/search", """{"text":"page"}""", HttpStatusCode.OK)]
    [InlineData(Reader, "POST", "/collections/sample/points/count", "{}", HttpStatusCode.OK)]
    [InlineData(Reader, "PUT", "/v1/collections/new", "{}", HttpStatusCode.Forbidden)]
    [InlineData(Reader, "DELETE", "/v1/collections/sample/document?key=logo.svg", "", HttpStatusCode.Forbidden)]
    [InlineData(Reader, "POST", "/collections/sample/points/delete", """{"points":[1]}""", HttpStatusCode.Forbidden)]
    [InlineData(Reader, "POST", "/v1/collections/sample/retry", "", HttpStatusCode.Forbidden)]
    [InlineData(Writer, "DELETE", "/v1/collections/sample/document?key=logo.svg", "", HttpStatusCode.NoContent)]
    [InlineData(Limited, "GET", "/v1/collections/sample", "", HttpStatusCode.OK)]
    [InlineData(Limited, "GET", "/v1/collections/other", "", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "PUT", "/collections/other", """{"vectors":{"size":2,"distance":"Dot"}}""", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "GET", "/v1/jobs", "", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "POST", "/v1/rerank", "{}", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "GET", "/v1/vector_stores/sample/files", "", HttpStatusCode.OK)]
    [InlineData(Limited, "POST", "/v1/vector_stores/sample/search", """{"query":"page"}""", HttpStatusCode.OK)]
    [InlineData(Limited, "GET", "/v1/vector_stores/other", "", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "POST", "/v1/vector_stores/sample/files", """{"file_id":"file-1"}""", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "POST", "/v1/vector_stores", """{"name":"sample2","file_ids":["file-1"]}""", HttpStatusCode.Forbidden)]
    [InlineData(Limited, "GET", "/v1/files", "", HttpStatusCode.Forbidden)]
    [InlineData("nobody-0123456789", "GET", "/v1/collections", "", HttpStatusCode.Unauthorized)]
    public async Task Request_WithAKeyOfTheFile_DoesWhatTheKeyMay(
        string key, string method, string path, string body, HttpStatusCode expected)
    {
        await using RunningServer server = await StartAsync();

        using HttpResponseMessage response = await SendAsync(server, key, method, path, body);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/collections", "items")]
    [InlineData("/collections", "result")]
    [InlineData("/v1/vector_stores", "data")]
    public async Task Lists_OfALimitedKey_NameItsCollectionsOnly(string path, string member)
    {
        await using RunningServer server = await StartAsync();

        using HttpResponseMessage limited = await SendAsync(server, Limited, "GET", path, "");
        using HttpResponseMessage all = await SendAsync(server, Reader, "GET", path, "");

        string text = (await limited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(member).GetRawText();
        Assert.Contains("\"sample\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"other\"", text, StringComparison.Ordinal);
        Assert.Contains("\"other\"", await all.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_OfALimitedKey_KnowItsCollectionsOnly()
    {
        await using RunningServer server = await StartAsync();
        server.Client.DefaultRequestHeaders.Add("api-key", Limited);

        string all = (await McpClient.GetAsync(server.Client, "list_collections", new { })).GetRawText();
        string status = (await McpClient.GetAsync(server.Client, "status", new { })).GetRawText();
        string found = (await McpClient.GetAsync(server.Client, "search", new { query = "page" })).GetRawText();
        string[] refused =
        [
            await McpClient.FailAsync(server.Client, "search", new { query = "page", collection = "other" }),
            await McpClient.FailAsync(server.Client, "status", new { collection = "other" }),
            await McpClient.FailAsync(server.Client, "fetch", new { id = "other/1" }),
            await McpClient.FailAsync(server.Client, "find_similar", new { id = "other/1" }),
            await McpClient.FailAsync(server.Client, "get_page_image", new { id = "other/1" }),
        ];
        string none = await McpClient.FailAsync(server.Client, "search", new { query = "page", collection = "none" });

        Assert.All([all, status, found], text => Assert.Contains("sample", text, StringComparison.Ordinal));
        Assert.All([all, status, found], text => Assert.DoesNotContain("other", text, StringComparison.Ordinal));
        Assert.All(refused, text => Assert.Contains("There is no collection 'other'", text, StringComparison.Ordinal));
        Assert.Equal(none, refused[0].Replace("'other'", "'none'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Query_ThatLooksUpAnotherCollection_NeedsAKeyForThatToo()
    {
        await using RunningServer server = await StartAsync();
        const string Body = """{"query":1,"using":"dense","lookup_from":{"collection":"other","vector":"dense"}}""";
        await SendAsync(server, Writer, "PUT", "/collections/samples", """{"vectors":{"dense":{"size":2,"distance":"Dot"}}}""");

        using HttpResponseMessage limited = await SendAsync(server, Limited, "POST", "/collections/samples/points/query", Body);

        Assert.Equal(HttpStatusCode.Forbidden, limited.StatusCode);
    }

    [Fact]
    public async Task Keys_ChangedInTheFile_CountWithoutARestart()
    {
        await using RunningServer server = await StartAsync();
        using HttpResponseMessage session = await server.Client.PostAsJsonAsync("/v1/session", new { key = Reader });
        string cookie = Assert.Single(session.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(server, cookie));

        Write(("next", "next-0123456789ab", "read", []));
        await WaitForAsync(server, "next-0123456789ab", HttpStatusCode.OK);
        await WaitForAsync(server, Reader, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCookieAsync(server, cookie));

        // Half of a file changes nothing.
        await File.WriteAllTextAsync(_file, "[{");
        await Task.Delay(1200, TestContext.Current.CancellationToken);
        await WaitForAsync(server, "next-0123456789ab", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"name":"a"}]""")]
    [InlineData("""[{"name":"a","sha256":"00"}]""")]
    [InlineData("""[{"name":"a","sha256":"zz","access":"read"}]""")]
    [InlineData("""[{"name":"a","sha256":"0000000000000000000000000000000000000000000000000000000000000000","access":"all"}]""")]
    [InlineData("""[{"name":"a","sha256":"0000000000000000000000000000000000000000000000000000000000000000","more":1}]""")]
    public async Task Start_WithAFileThatIsNone_IsRefused(string text)
    {
        await File.WriteAllTextAsync(_file, text);

        ServerOptionsException wrong = await Assert.ThrowsAsync<ServerOptionsException>(StartAsync);

        Assert.Contains("keysFile", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_BeyondTheLimit_AreRefusedWithRetryAfter()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { RequestsPerMinute = 5 });
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await server.Client.GetAsync("/v1/collections");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using HttpResponseMessage refused = await server.Client.GetAsync("/v1/collections");
        using HttpResponseMessage open = await server.Client.GetAsync("/healthz");

        JsonElement problem = await Problems.AssertAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal("server:requestsPerMinute", problem.GetProperty("setting").GetString());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    private async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync(new ServerOptions { KeysFile = _file });
        SampleCollection.Write(server.Folder);
        using HttpResponseMessage made = await SendAsync(
            server, Writer, "PUT", "/collections/other", """{"vectors":{"dense":{"size":2,"distance":"Dot"}}}""");
        Assert.True(made.IsSuccessStatusCode);
        return server;
    }

    private static async Task WaitForAsync(RunningServer server, string key, HttpStatusCode expected)
    {
        for (int i = 0; i < 50; i++)
        {
            using HttpResponseMessage response = await SendAsync(server, key, "GET", "/v1/collections", "");
            if (response.StatusCode == expected)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"The key did not come to {expected}.");
    }

    private static async Task<HttpStatusCode> WithCookieAsync(RunningServer server, string cookie)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections") { Headers = { { "Cookie", cookie } } };
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningServer server, string key, string method, string path, string body)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Add("api-key", key);
        request.Content = body.Length > 0 ? new StringContent(body, System.Text.Encoding.UTF8, "application/json") : null;
        return await server.Client.SendAsync(request);
    }

    private void Write(params (string Name, string Key, string Access, string[] Collections)[] keys) => File.WriteAllText(
        _file,
        JsonSerializer.Serialize(keys.Select(key => new
        {
            name = key.Name,
            sha256 = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key.Key))),
            access = key.Access,
            collections = key.Collections,
        })));
}
