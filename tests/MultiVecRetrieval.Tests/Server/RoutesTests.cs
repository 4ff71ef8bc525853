using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Every route over a collection that the engine wrote: what it answers, and one refused request each.</summary>
public sealed class RoutesTests : IAsyncLifetime
{
    private const string C = "/v1/collections/sample";
    private static readonly string Page = Uri.EscapeDataString(SampleCollection.PageKey);
    private static readonly string Document = Uri.EscapeDataString(SampleCollection.DocumentKey);

    private readonly string _folder = Directory.CreateTempSubdirectory("mvr-routes-").FullName;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        string file = Path.Combine(_folder, "original.bin");
        await File.WriteAllBytesAsync(file, [.. Enumerable.Range(0, 1000).Select(i => (byte)i)]);
        SampleCollection.Write(_folder, file);
        _server = await RunningServer.StartAsync(
            new ServerOptions { MaxTop = 50, MaxOffset = 100, MaxQueryLength = 100, MaxRequestBytes = 4096 }, _folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Collections_AreListedWithCounts()
    {
        JsonElement list = await _server.GetJsonAsync("/v1/collections");

        JsonElement collection = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal("sample", collection.GetProperty("name").GetString());
        Assert.Equal(2, collection.GetProperty("documentCount").GetInt32());
        Assert.Equal(3, collection.GetProperty("entriesByType").GetProperty("page").GetInt32());
        Assert.Equal(1, collection.GetProperty("sources").GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task CreateCollection_Reduction_IsKeptOrRefusedWithWhatThereIs()
    {
        HttpResponseMessage made = await _server.Client.PutAsJsonAsync("/v1/collections/fewer", new { models = new[] { "words-only" }, reduction = "ward:3" });
        HttpResponseMessage refused = await _server.Client.PutAsJsonAsync("/v1/collections/other", new { reduction = "shrink:3" });

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        JsonElement collection = await made.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("ward:3", Assert.Single(collection.GetProperty("spaces").EnumerateArray()).GetProperty("reduction").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        JsonElement problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("reduction", problem.GetProperty("setting").GetString());
        Assert.Contains("ward", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_ArePagedByCursor()
    {
        JsonElement first = await _server.GetJsonAsync($"{C}/documents?limit=1");
        string next = first.GetProperty("next").GetString()!;
        JsonElement second = await _server.GetJsonAsync($"{C}/documents?limit=1&after={Uri.EscapeDataString(next)}");

        string[] keys =
            [.. first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray())
            .Select(item => item.GetProperty("key").GetString()!)];
        Assert.Equal([SampleCollection.DocumentKey, "logo.svg"], keys);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Entry_KeyWithSlashesHashesAndSpaces_IsFound()
    {
        JsonElement entry = await _server.GetJsonAsync($"{C}/entry?key={Page}");

        Assert.Equal(SampleCollection.PageKey, entry.GetProperty("key").GetString());
        Assert.Equal("page number 2", entry.GetProperty("text").GetString());
        Assert.Contains(Page, entry.GetProperty("pictureUrl").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_AreFilteredAndOfOneDocument()
    {
        JsonElement pages = await _server.GetJsonAsync($"{C}/entries?document={Document}&filter={Uri.EscapeDataString("page >= 2")}");

        Assert.Equal([2, 3], pages.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("page").GetInt32()));
    }

    [Fact]
    public async Task File_ServesRangesUnderItsFoundTypeInASandbox()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{C}/file?key=logo.svg");
        request.Headers.Range = new RangeHeaderValue(10, 19);

        using HttpResponseMessage response = await _server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17, 18, 19], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task File_KnownTag_AnswersNotModified()
    {
        using HttpResponseMessage first = await _server.Client.GetAsync($"{C}/file?key={Document}");
        using HttpRequestMessage request = new(HttpMethod.Get, $"{C}/file?key={Document}");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await _server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Sources_ListFailedFilesWithReasonAndSetting()
    {
        JsonElement source = Assert.Single((await _server.GetJsonAsync($"{C}/sources?state=failed")).GetProperty("items").EnumerateArray());

        Assert.Equal("bad.pdf", source.GetProperty("path").GetString());
        Assert.Equal("It ends in the middle.", source.GetProperty("reason").GetString());
        Assert.Equal("media:maxPages", source.GetProperty("setting").GetString());
    }

    [Fact]
    public async Task Job_LeftByAStoppedServer_IsInterrupted()
    {
        JsonElement job = await _server.WaitForJobAsync("left");

        Assert.Equal("interrupted", job.GetProperty("state").GetString());
        Assert.Equal("left",
            Assert.Single((await _server.GetJsonAsync("/v1/jobs")).GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Events_OfAnEndedJob_AreOneEndAndThenNothing()
    {
        await _server.WaitForJobAsync("left");
        string events = await _server.Client.GetStringAsync("/v1/jobs/left/events");
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/jobs/left/events") { Headers = { { "Last-Event-ID", "1" } } };

        using HttpResponseMessage again = await _server.Client.SendAsync(request);

        string[] lines = events.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("event: end", lines);
        Assert.Contains("id: 1", lines);
        string data = Assert.Single(lines, line => line.StartsWith("data: ", StringComparison.Ordinal));
        Assert.Equal("interrupted", JsonSerializer.Deserialize<JsonElement>(data[6..]).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v1/nowhere", 404, "no-such-route", null)]
    [InlineData("DELETE", "/v1/jobs", 405, "no-such-route", null)]
    [InlineData("GET", "/v1/collections/none", 404, "unknown-collection", null)]
    [InlineData("GET", "/v1/collections/..%5Cx/documents", 400, "invalid-request", "collection")]
    [InlineData("PUT", "/v1/collections/.hidden", 400, "invalid-request", "collection")]
    [InlineData("GET", C + "/documents?limit=0", 400, "invalid-request", "limit")]
    [InlineData("GET", C + "/documents?limit=51", 400, "over-limit", "limit")]
    [InlineData("GET", C + "/documents?limit=many", 400, "invalid-request", "limit")]
    [InlineData("GET", C + "/search?q=x&top=abc", 400, "invalid-request", "top")]
    [InlineData("GET", C + "/search?q=x&rowLimit=1.5", 400, "invalid-request", "rowLimit")]
    [InlineData("GET", C + "/search?q=x&recall=high", 400, "invalid-request", "recall")]
    [InlineData("GET", C + "/search?q=x&exact=perhaps", 400, "invalid-request", "exact")]
    [InlineData("GET", C + "/search?q=x&budgets=10&budgets=few", 400, "invalid-request", "budgets")]
    [InlineData("DELETE", C, 400, "invalid-request", "confirm")]
    [InlineData("DELETE", C + "?confirm=other", 400, "invalid-request", "confirm")]
    [InlineData("DELETE", "/v1/collections/absent?confirm=absent", 404, "unknown-collection", null)]
    [InlineData("DELETE", "/v1/collections/..%5Cx?confirm=x", 400, "invalid-request", "collection")]
    [InlineData("GET", C + "/documents?filter=page%20%3E%3E%203", 400, "invalid-request", "filter")]
    [InlineData("GET", C + "/document", 400, "invalid-request", "key")]
    [InlineData("GET", C + "/document?key=x", 404, "unknown-document", null)]
    [InlineData("GET", C + "/entries?limit=-1", 400, "invalid-request", "limit")]
    [InlineData("GET", C + "/entry?key=x", 404, "unknown-entry", null)]
    [InlineData("GET", C + "/picture?key=logo.svg&size=99999", 400, "invalid-request", "size")]
    [InlineData("GET", C + "/picture?key=logo.svg&time=3", 400, "invalid-request", "time")]
    [InlineData("GET", C + "/picture?key=x", 404, "unknown-entry", null)]
    [InlineData("GET", C + "/file?key=x", 404, "unknown-document", null)]
    [InlineData("GET", C + "/search", 400, "invalid-request", "text")]
    [InlineData("GET", C + "/search?q=a&top=1000", 400, "over-limit", "top")]
    [InlineData("GET", C + "/search?q=a&offset=101", 400, "over-limit", "offset")]
    [InlineData("GET", C + "/search?q=a&groupSize=0", 400, "invalid-request", "groupSize")]
    [InlineData("GET", C + "/search?q=a&using=magic", 400, "invalid-request", "using")]
    [InlineData("GET", C + "/search?entry=x", 404, "unknown-entry", null)]
    [InlineData("GET", C + "/search?q=a&tpo=3", 400, "invalid-request", "tpo")]
    [InlineData("GET", C + "/search?text=a", 400, "invalid-request", "text")]
    [InlineData("GET", C + "/search?q=a&collection=other", 400, "invalid-request", "collection")]
    [InlineData("GET", C + "/documents?limits=3", 400, "invalid-request", "limits")]
    [InlineData("GET", C + "?name=other", 400, "invalid-request", "name")]
    [InlineData("GET", "/v1/jobs?colection=sample", 400, "invalid-request", "colection")]
    [InlineData("DELETE", C + "/document?key=x&force=1", 400, "invalid-request", "force")]
    [InlineData("GET", C + "/sources?state=odd", 400, "invalid-request", "state")]
    [InlineData("POST", C + "/documents", 415, "unsupported-content-type", null)]
    [InlineData("GET", "/v1/jobs/none", 404, "unknown-job", null)]
    [InlineData("GET", "/v1/jobs/none/events", 404, "unknown-job", null)]
    [InlineData("POST", "/v1/jobs/none/cancel", 404, "unknown-job", null)]
    [InlineData("GET", "/v1/jobs?collection=none", 404, "unknown-collection", null)]
    public async Task BadRequest_IsAProblemThatNamesTheParameter(string method, string path, int status, string kind, string? parameter)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using HttpResponseMessage response = await _server.Client.SendAsync(request);

        JsonElement problem = await Problems.AssertAsync(response, (HttpStatusCode)status, kind);
        if (parameter is not null)
        {
            Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        }
    }

    [Fact]
    public async Task Search_Parts_AreJoinedAndNamedInTheAnswer()
    {
        HttpResponseMessage response = await _server.Client.PostAsJsonAsync(
            $"{C}/search",
            new { parts = new object[] { new { text = "number" }, new { text = "page" }, new { text = "2", role = "exclude" } }, combine = "all" });

        JsonElement result = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("part 1 and part 2 and not part 3", result.GetProperty("formula").GetString());
        string[] keys = [.. result.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("key").GetString()!)];
        Assert.Equal(SampleCollection.PageKey, keys[^1]);
        JsonElement match = Assert.Single(result.GetProperty("hits")[0].GetProperty("matches").EnumerateArray());
        Assert.Equal(("page", 1), (match.GetProperty("label").GetString(), match.GetProperty("part").GetInt32()));
    }

    [Theory]
    [InlineData("""{"text":"a","tpo":3}""", "invalid-json", "tpo")]
    [InlineData("""{"text":"a","top":"3"}""", "invalid-json", "top")]
    [InlineData("""{"text":"a",""", "invalid-json", "JSON")]
    [InlineData("""null""", "invalid-request", "null")]
    [InlineData("""{"top":3}""", "invalid-request", "none came")]
    [InlineData("""{"parts":[{"text":"a","role":"object"}]}""", "invalid-request", "subject, modifier, context, exclude")]
    [InlineData("""{"parts":[{"txt":"a"}]}""", "invalid-json", "txt")]
    [InlineData("""{"parts":[null]}""", "invalid-request", "parts[0] is null")]
    [InlineData("""{"parts":[{"rows":[null],"space":"x"}]}""", "invalid-request", "equal length")]
    [InlineData("""{"parts":[{"entry":"logo.svg","box":[0,0,1.2,1]}]}""", "invalid-request", "parts[0] has the box [0, 0, 1.2, 1]")]
    [InlineData("""{"parts":[{"entry":"logo.svg","box":[0,1]}]}""", "invalid-request", "left, top, right, bottom")]
    [InlineData("""{"parts":[{"rows":[[1,2],[3]],"space":"x"}]}""", "invalid-request", "equal length")]
    [InlineData("""{"parts":[{"text":"a","weight":-1}]}""", "invalid-request", "taken away")]
    [InlineData("""{"text":"a","combine":"average"}""", "invalid-request", "slerp")]
    [InlineData("""{"image":"%%%"}""", "invalid-request", "base64")]
    public async Task Search_BadBody_SaysWhatIsWrong(string body, string kind, string word)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await _server.Client.PostAsync($"{C}/search", content);

        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.BadRequest, kind);
        Assert.Contains(word, problem.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(".NET", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/collections/absent")]
    [InlineData("/v1/collections/absent/search?q=a")]
    public async Task UnknownCollection_IsNamed(string path)
    {
        using HttpResponseMessage response = await _server.Client.GetAsync(path);

        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.NotFound, "unknown-collection");
        Assert.Contains("'absent'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_BodyOverTheLimit_NamesSettingAndLimit()
    {
        using HttpResponseMessage response = await _server.Client.PostAsJsonAsync($"{C}/search", new { image = new string('A', 8000) });

        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.RequestEntityTooLarge, "over-limit");
        Assert.Equal("server:maxRequestBytes", problem.GetProperty("setting").GetString());
        Assert.Equal(4096, problem.GetProperty("limit").GetInt64());
    }

    [Fact]
    public async Task Search_QueryOverTheLimit_NamesTheSetting()
    {
        using HttpResponseMessage response = await _server.Client.PostAsJsonAsync($"{C}/search", new { text = new string('a', 101) });

        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.BadRequest, "over-limit");
        Assert.Equal("server:maxQueryLength", problem.GetProperty("setting").GetString());
    }

    [Fact]
    public async Task Index_PathOutsideTheRoots_IsForbidden()
    {
        using HttpResponseMessage response = await _server.Client.PostAsJsonAsync($"{C}/index", new { paths = new[] { "/etc" } });

        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.Forbidden, "path-not-allowed");
        Assert.Equal("server:allowedRoots", problem.GetProperty("setting").GetString());
    }

    [Fact]
    public async Task Page_IsServedUnderAStrictPolicyFromItsOwnFiles()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("Accept", "text/html,*/*;q=0.8");
        using HttpResponseMessage response = await _server.Client.SendAsync(request);
        string html = await response.Content.ReadAsStringAsync();

        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
    }
}
