using System.Net;
using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Server;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>What is asked wrongly, by models and by programs, and who may ask.</summary>
public sealed class McpErrorTests(McpFixture fixture) : IClassFixture<McpFixture>
{
    private const string Key = "0123456789abcdef-key";
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    public static TheoryData<string, string, string> WrongCalls => new()
    {
        { "search", """{}""", "The argument 'query' is missing." },
        { "search", """{"query":null}""", "The argument 'query' is missing." },
        { "search", """{"query":"  "}""", "query is empty" },
        { "search", """{"query":"-word"}""", "only says what must not be there" },
        { "search", """{"query":7}""", "The argument 'query' cannot be read; expected a text." },
        { "search", """{"query":"a","top":"5"}""", "The argument 'top' cannot be read; expected a whole number." },
        { "search", """{"query":"a","top":0}""", "top is 0; it must be at least 1." },
        { "search", """{"query":"a","top":201}""", "top is 201; the most is 200 (setting server:maxTop)." },
        { "search", """{"query":"a","group":101}""", "group is 101; it must be in [1, 100]." },
        { "search", """{"query":"a","filter":"page <<"}""", "" },
        { "search", """{"query":"a","collection":"none"}""", "There is no collection 'none'." },
        { "search", """{"query":"a","collection":"../up"}""", "is no collection name" },
        { "search", """{"query":"a","limit":5}""", "'limit' is no argument; they are query, collection, filter, top, group." },
        { "fetch", """{"id":"umbrella"}""", "'umbrella' is no id; ids come from search" },
        { "fetch", """{"id":"none/x"}""", "There is no collection 'none'" },
        { "fetch", """{"id":"../x"}""", "There is no collection '..'" },
        { "fetch", """{"id":"media/none.pdf"}""", "has no entry or document 'none.pdf'" },
        { "fetch", """{"id":"media/weather report.pdf","offset":-1}""", "offset is -1" },
        { "fetch", """{"id":"media/weather report.pdf","offset":99999}""", "offset is 99999; the text has" },
        { "find_similar", """{"id":"media/none.pdf"}""", "has no entry or document" },
        { "get_page_image", """{"id":"media/none.pdf"}""", "has no entry or document" },
        { "get_page_image", """{"id":"media/stone.png","size":5000}""", "size is 5000; it must be in [64, 2048]." },
        { "get_page_image", """{"id":"media/stone.png","maxBytes":1}""", "maxBytes is 1; it must be in" },
        { "get_page_image", """{"id":"media/stone.png","time":1}""", "time is for videos only." },
        { "get_page_image", """{"id":"media/coast.mp4","time":60}""", "time is 60; the video lasts" },
        { "get_page_image", """{"id":"notes/navigation.md#section=1"}""", "A text has no picture" },
        { "get_page_image", """{"id":"sample/logo.svg"}""", "no picture of it can be made" },
        { "status", """{"collection":"none"}""", "There is no collection 'none'." },
        { "list_collections", """{"x":1}""", "The tool takes no arguments; found 'x'." },
    };

    [Theory]
    [MemberData(nameof(WrongCalls))]
    public async Task Call_AskedWrongly_SaysWhatWasWrong(string tool, string arguments, string expected) =>
        Assert.Contains(
            expected,
            await McpClient.FailAsync(fixture.Client, tool, JsonSerializer.Deserialize<JsonElement>(arguments)),
            StringComparison.Ordinal);

    [Fact]
    public async Task Search_QueryOfTenThousandCharacters_NamesTheLimitAndItsSetting()
    {
        string sentence = await McpClient.FailAsync(fixture.Client, "search", new { query = new string('q', 10_000) });

        Assert.Equal("query has 10000 characters; the most is 4000 (setting server:maxQueryLength).", sentence);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[1,2]")]
    [InlineData("17")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"jsonrpc":"2.0"}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1e999,"method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"no/such"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":[]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"\ud800"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fetch","arguments":{"id":"media/\u0000\ud800"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":7}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    public async Task Post_AnyBody_IsNeverAFailureOfTheServer(string body)
    {
        using HttpResponseMessage response = await McpClient.PostAsync(fixture.Client, body);

        Assert.True((int)response.StatusCode < 500, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        using HttpResponseMessage after = await McpClient.PostAsync(fixture.Client, ListTools);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x00, 0xD8 })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xC3, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    public async Task Post_BytesThatAreNoText_IsNeverAFailureOfTheServer(byte[] body)
    {
        using HttpResponseMessage response = await McpClient.PostAsync(fixture.Client, "", request =>
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        });

        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Fact]
    public async Task Post_NestedDeeply_IsNeverAFailureOfTheServer()
    {
        string nested = new StringBuilder().Insert(0, "[", 50_000).ToString();

        using HttpResponseMessage response = await McpClient.PostAsync(
            fixture.Client, $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":{{nested}}""");

        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Theory]
    [InlineData("text/plain", "application/json, text/event-stream")]
    [InlineData("application/json", "text/html")]
    public async Task Post_OtherContentType_IsRefused(string contentType, string accept)
    {
        using HttpResponseMessage response = await McpClient.PostAsync(fixture.Client, ListTools, request =>
        {
            request.Content!.Headers.ContentType = new(contentType);
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd(accept);
        });

        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Fact]
    public async Task Get_IsNotServed()
    {
        using HttpResponseMessage response = await fixture.Client.GetAsync("/mcp");

        Assert.InRange((int)response.StatusCode, 404, 405);
    }

    [Fact]
    public async Task Post_WithoutTheKey_IsRefused_AndWithItPasses()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });

        using HttpResponseMessage without = await McpClient.PostAsync(server.Client, ListTools);
        using HttpResponseMessage with = await McpClient.PostAsync(
            server.Client, ListTools, request => request.Headers.Authorization = new("Bearer", Key));

        await Problems.AssertAsync(without, HttpStatusCode.Unauthorized, "key-needed");
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task Post_FromAForeignHostOrPage_IsRefused()
    {
        using HttpResponseMessage host = await McpClient.PostAsync(
            fixture.Client, ListTools, request => request.Headers.Host = "evil.example");
        using HttpResponseMessage page = await McpClient.PostAsync(
            fixture.Client, ListTools, request => request.Headers.Add("Origin", "http://evil.example"));

        await Problems.AssertAsync(host, HttpStatusCode.MisdirectedRequest, "foreign-host");
        await Problems.AssertAsync(page, HttpStatusCode.Forbidden, "foreign-origin");
    }
}
