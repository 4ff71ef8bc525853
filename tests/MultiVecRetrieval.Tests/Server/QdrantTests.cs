using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>The routes that clients of Qdrant speak. Scores and orders are those of its documented first steps.</summary>
public sealed class QdrantTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        await PutAsync("/collections/t", """{"vectors":{"size":4,"distance":"Dot"}}""");
        await PutAsync("/collections/t/points?wait=true", """
            {"points":[
              {"id":1,"vector":[0.05,0.61,0.76,0.74],"payload":{"city":"Berlin","n":3,"at":"2024-02-01T10:00:00Z","loc":{"lat":52.5,"lon":13.4}}},
              {"id":2,"vector":[0.19,0.81,0.75,0.11],"payload":{"city":["Berlin","London"],"n":5,"type":"page"}},
              {"id":3,"vector":[0.36,0.55,0.47,0.94],"payload":{"city":["Berlin","Moscow"],"page":7}},
              {"id":4,"vector":[0.18,0.01,0.85,0.80],"payload":{"city":["London","Moscow"]}},
              {"id":"98a9a4b1-4ef2-46fb-8315-a97d874fe1d7","vector":[0.24,0.18,0.22,0.44],"payload":{"count":[0]}},
              {"id":6,"vector":[0.35,0.08,0.11,0.44]}]}
            """);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Query_Vector_GivesTheDocumentedScores()
    {
        JsonElement found = await PostAsync("/collections/t/points/query", """{"query":[0.2,0.1,0.9,0.7],"limit":3,"with_payload":true}""");

        (ulong, double)[] hits = [.. found.GetProperty("points").EnumerateArray()
            .Select(point => (point.GetProperty("id").GetUInt64(), point.GetProperty("score").GetDouble()))];
        Assert.Equal([4UL, 1UL, 3UL], hits.Select(hit => hit.Item1));
        Assert.All(new[] { 1.362, 1.273, 1.208 }.Zip(hits), pair => Assert.Equal(pair.First, pair.Second.Item2, tolerance: 1e-6));
    }

    [Theory]
    [InlineData("""{"must":[{"key":"city","match":{"value":"London"}}]}""", "4,2")]
    [InlineData("""{"must":[{"key":"city","match":{"any":["London","Moscow"]}}]}""", "4,3,2")]
    [InlineData("""{"must":[{"key":"city","match":{"except":["London"]}}]}""", "1,3")]
    [InlineData("""{"must_not":[{"key":"city","match":{"value":"Berlin"}}]}""", "4,98a9a4b1-4ef2-46fb-8315-a97d874fe1d7,6")]
    [InlineData("""{"should":[{"key":"n","range":{"gte":5}},{"key":"page","match":{"value":7}}]}""", "3,2")]
    [InlineData("""{"must":[{"key":"type","match":{"value":"page"}}]}""", "2")]
    [InlineData("""{"must":[{"key":"at","range":{"lt":"2024-02-01T11:30:00+01:00"}}]}""", "1")]
    [InlineData("""{"must":[{"is_empty":{"key":"city"}}]}""", "98a9a4b1-4ef2-46fb-8315-a97d874fe1d7,6")]
    [InlineData("""{"must":[{"has_id":[6,"98a9a4b1-4ef2-46fb-8315-a97d874fe1d7",99]}]}""", "98a9a4b1-4ef2-46fb-8315-a97d874fe1d7,6")]
    [InlineData("""{"must":[{"key":"loc","geo_radius":{"center":{"lat":52.5,"lon":13.41},"radius":1000}}]}""", "1")]
    [InlineData("""{"must":[{"key":"loc","geo_bounding_box":{"top_left":{"lat":53,"lon":13},"bottom_right":{"lat":52,"lon":14}}}]}""", "1")]
    [InlineData("""{"must":{"key":"city","match":{"text":"lond"}}}""", "4,2")]
    [InlineData("""{"min_should":{"conditions":[{"key":"n","match":{"value":5}},{"key":"city","match":{"value":"London"}}],"min_count":2}}""", "2")]
    [InlineData("""{"must":[{"should":[{"key":"count","match":{"value":0}}]}]}""", "98a9a4b1-4ef2-46fb-8315-a97d874fe1d7")]
    public async Task Query_Filtered_LeavesWhatMeetsTheFilter(string filter, string expected)
    {
        JsonElement found = await PostAsync("/collections/t/points/query", $$"""{"query":[0.2,0.1,0.9,0.7],"filter":{{filter}}}""");

        Assert.Equal(
            expected,
            string.Join(',', found.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").ToString())));
        JsonElement count = await PostAsync("/collections/t/points/count", $$"""{"filter":{{filter}},"exact":true}""");
        Assert.Equal(expected.Split(',').Length, count.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Scroll_PageByPage_HasEveryPointOnce()
    {
        List<string> ids = [];
        string offset = "null";
        while (true)
        {
            JsonElement page = await PostAsync("/collections/t/points/scroll", $$"""{"limit":2,"offset":{{offset}}}""");
            ids.AddRange(page.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").ToString()));
            JsonElement next = page.GetProperty("next_page_offset");
            if (next.ValueKind == JsonValueKind.Null)
            {
                break;
            }

            offset = next.GetRawText();
        }

        Assert.Equal(6, ids.Count);
        Assert.Equal(6, ids.Distinct().Count());
    }

    [Fact]
    public async Task Changes_OfPointsAndPayloads_AreSeenAtOnce()
    {
        await PostAsync("/collections/t/points/payload", """{"payload":{"a":{"b":1},"n":9},"points":[1]}""");
        await PostAsync("/collections/t/points/payload/delete", """{"keys":["city","a.b"],"points":[1]}""");
        await PutAsync("/collections/t/points/vectors", """{"points":[{"id":1,"vector":[9,9,9,9]}]}""");
        await PostAsync("/collections/t/points/delete", """{"filter":{"must":[{"key":"city","match":{"value":"Moscow"}}]}}""");
        await PostAsync("/collections/t/points/batch", """
            {"operations":[
              {"upsert":{"batch":{"ids":[7,8],"vectors":[[1,0,0,0],[0,1,0,0]],"payloads":[{"n":1},null]}}},{"delete":{"points":[6]}}]}
            """);

        JsonElement first = await GetAsync("/collections/t/points/1");
        JsonElement scroll = await PostAsync("/collections/t/points/scroll", """{"limit":10,"with_payload":false}""");

        Assert.Equal(
            """{"n":9,"at":"2024-02-01T10:00:00Z","loc":{"lat":52.5,"lon":13.4},"a":{}}""", first.GetProperty("payload").GetRawText());
        Assert.Equal("[9,9,9,9]", first.GetProperty("vector").GetRawText());
        Assert.Equal(["1", "2", "7", "8", "98a9a4b1-4ef2-46fb-8315-a97d874fe1d7"],
            scroll.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").ToString()));
    }

    [Fact]
    public async Task FilesOfACollection_ArePointsWithTheirText()
    {
        SampleCollection.Write(_server.Folder);

        JsonElement info = await GetAsync($"/collections/{SampleCollection.Name}");
        JsonElement found = await PostAsync(
            $"/collections/{SampleCollection.Name}/points/query",
            """{"query":{"text":"number 2","model":"any"},"limit":1,"with_payload":true}""");
        JsonElement point = found.GetProperty("points")[0];
        JsonElement again = await GetAsync($"/collections/{SampleCollection.Name}/points/{point.GetProperty("id").GetString()}");
        JsonElement pages = await PostAsync($"/collections/{SampleCollection.Name}/points/count",
            """{"filter":{"must":[{"key":"type","match":{"value":"page"}},{"key":"page","range":{"gte":2}}]}}""");

        Assert.Equal(4, info.GetProperty("points_count").GetInt32());
        Assert.Equal(SampleCollection.PageKey, point.GetProperty("payload").GetProperty("key").GetString());
        Assert.Equal("page number 2", point.GetProperty("payload").GetProperty("text").GetString());
        Assert.Equal('5', point.GetProperty("id").GetString()![14]);
        Assert.Equal(SampleCollection.PageKey, again.GetProperty("payload").GetProperty("key").GetString());
        Assert.Equal(2, pages.GetProperty("count").GetInt32());

        using HttpResponseMessage delete = await _server.Client.DeleteAsync($"/collections/{SampleCollection.Name}");
        Assert.Equal(HttpStatusCode.Conflict, delete.StatusCode);
    }

    [Fact]
    public async Task FilesOfACollection_AreNotChangedAsPoints_AndFollowChangesOfTheCollection()
    {
        SampleCollection.Write(_server.Folder);
        string points = $"/collections/{SampleCollection.Name}/points";
        JsonElement all = await PostAsync($"{points}/scroll", """{"limit":100}""");
        string[] ids = [.. all.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").GetString()!)];

        using HttpResponseMessage refused = await _server.Client.PostAsync(
            $"{points}/payload", Json($$"""{"payload":{"a":1},"points":["{{ids[0]}}"]}"""));
        await PutAsync(points, """{"points":[{"id":"98a9a4b1-4ef2-46fb-8315-a97d874fe1d7"}]}""");
        JsonElement found = await PostAsync(points, $$"""{"ids":["{{string.Join("\",\"", ids)}}","98a9a4b1-4ef2-46fb-8315-a97d874fe1d7"]}""");
        JsonElement none = await PostAsync(points, """{"ids":["00000000-0000-0000-0000-000000000000"]}""");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("of a file", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(ids.Length + 1, found.GetArrayLength());
        Assert.Equal(0, none.GetArrayLength());
    }

    [Theory]
    [InlineData("PUT", "/collections/e", """{"vectors":{"size":4,"distance":"Euclid"}}""", "Euclid")]
    [InlineData("PUT", "/collections/e", """{"vectors":{"size":0,"distance":"Dot"}}""", "vectors.size")]
    [InlineData("PUT", "/collections/t", """{"vectors":{"size":4,"distance":"Dot"}}""", "already")]
    [InlineData("PUT", "/collections/t/points", """{"points":[{"id":-1,"vector":[1,2,3,4]}]}""", "points[0].id")]
    [InlineData("PUT", "/collections/t/points", """{"points":[{"id":1,"vector":[1,2,3]}]}""", "3")]
    [InlineData("PUT", "/collections/t/points", """{"points":[{"id":1,"vector":{"indices":[1],"values":[1]}}]}""", "indices")]
    [InlineData("POST", "/collections/t/points/query", """{"query":{"discover":{"target":1,"context":[]}}}""", "discover")]
    [InlineData("POST", "/collections/t/points/query", """{"query":{"fusion":"rrf"}}""", "prefetch")]
    [InlineData("POST", "/collections/t/points/query", """{"query":[1,2],"limit":3}""", "2")]
    [InlineData("POST", "/collections/t/points/query", """{"query":77}""", "77")]
    [InlineData("POST", "/collections/t/points/query", """{"query":[1,2,3,4],"filter":{"must":[{"nested":{}}]}}""", "nested")]
    [InlineData("POST", "/collections/t/points/query", """{"query":[1,2,3,4],"limit":100000}""", "limit")]
    [InlineData("GET", "/collections/nope", "", "nope")]
    [InlineData("POST", "/collections/t/points", "", "ids")]
    [InlineData("POST", "/collections/t/points/search", "", "vector")]
    [InlineData("POST", "/collections/t/points/query/groups", "", "group_by")]
    [InlineData("POST", "/collections/t/points/count", """{"filter":{"must":[{"key":"","match":{"value":1}}]}}""", "meta.")]
    [InlineData("POST", "/collections/t/points/count",
        """{"filter":{"must":[{"key":"loc","geo_radius":{"center":{"lat":900,"lon":1},"radius":5}}]}}""", "latitude")]
    [InlineData("POST", "/collections/t/points/query", """{"query":1,"lookup_from":{"collection":"../t"}}""", "../t")]
    [InlineData("POST", "/collections/t/points/count", """{"filter":{"must":[],"must":[]}}""", "must")]
    [InlineData("PUT", "/collections/t/points", """{"points":[{"id":9,"vector":[1,2,3,4],"payload":{"a":"\ud800"}}]}""", "surrogate")]
    [InlineData("POST", "/collections/t/points/query", """{"query":[1,2,3,4],"\udfffusing":"t"}""", "surrogate")]
    [InlineData("POST", "/collections/t/facet", """{"key":"\ud800"}""", "surrogate")]
    public async Task Request_ThatCannotBeMet_SaysWhy(string method, string path, string body, string expected)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = body.Length > 0 ? Json(body) : null };
        using HttpResponseMessage response = await _server.Client.SendAsync(request);

        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Contains(expected, answer.GetProperty("status").GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_ForACollectionOfClientVectors_AreRefusedBeforeTheyAreStored()
    {
        using MultipartFormDataContent form = new() { { new StringContent("# Notes"), "file", "notes.md" } };

        using HttpResponseMessage uploaded = await _server.Client.PostAsync("/v1/collections/t/documents", form);
        ClientVectorsException indexed = await Assert.ThrowsAsync<ClientVectorsException>(() => _server.Library.IndexAsync(
            new IndexRequest { Collection = "t", Paths = [_server.Folder] }, cancellationToken: TestContext.Current.CancellationToken));

        JsonElement problem = await Problems.AssertAsync(uploaded, HttpStatusCode.Conflict, "client-vectors");
        Assert.Contains("/v1/collections/t/records", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_server.Folder, "t", "uploads")));
        Assert.Equal(("t", ""), (indexed.Collection, indexed.Space));
    }

    [Fact]
    public async Task Requests_OfRandomJson_AreNeverAnErrorOfTheServer()
    {
        Random random = new(5);
        (string Method, string Path)[] routes =
        [
            ("PUT", "/collections/r"), ("PUT", "/collections/t/points"), ("POST", "/collections/t/points"),
            ("POST", "/collections/t/points/query"), ("POST", "/collections/t/points/query/batch"),
            ("POST", "/collections/t/points/query/groups"), ("POST", "/collections/t/points/scroll"),
            ("POST", "/collections/t/points/count"), ("POST", "/collections/t/points/delete"), ("POST", "/collections/t/points/payload"),
            ("PUT", "/collections/t/points/vectors"), ("POST", "/collections/t/points/batch"), ("POST", "/collections/t/facet"),
            ("POST", "/collections/t/points/search"), ("POST", "/collections/t/points/recommend"), ("PUT", "/collections/t/index"),
        ];
        for (int i = 0; i < 1500; i++)
        {
            (string method, string path) = routes[random.Next(routes.Length)];
            string body = RandomJson(random, depth: 4);
            using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = Json(body) };
            using HttpResponseMessage response = await _server.Client.SendAsync(request);

            Assert.True((int)response.StatusCode < 500, $"{method} {path} {body}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task Routes_OfAServerWithAKey_NeedIt()
    {
        const string Key = "0123456789abcdef";
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });

        using HttpResponseMessage without = await server.Client.GetAsync("/collections");
        using HttpRequestMessage request = new(HttpMethod.Get, "/collections");
        request.Headers.Add("api-key", Key);
        using HttpResponseMessage with = await server.Client.SendAsync(request);
        using HttpResponseMessage root = await server.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal("1.18.0", (await root.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetString());
    }

    // Words of the requests in any place, so that what is read looks nearly right.
    private static string RandomJson(Random random, int depth)
    {
        string[] names =
        [
            "points", "vector", "id", "ids", "payload", "query", "filter", "must", "key", "match", "value", "range", "gte", "prefetch",
            "limit", "using", "nearest", "fusion", "rrf", "formula", "sum", "recommend", "positive", "vectors", "size", "distance",
            "batch", "operations", "upsert", "delete", "group_by", "searches", "offset", "order_by", "with_payload", "with_vector", "mmr",
            "has_id", "keys", "text",
        ];
        return random.Next(depth <= 0 ? 6 : 9) switch
        {
            0 => "null",
            1 => random.Next(2) == 0 ? "true" : "-1",
            2 => random.Next(0, 8).ToString(System.Globalization.CultureInfo.InvariantCulture),
            3 => "1e400",
            4 => $"\"{names[random.Next(names.Length)]}\"",
            5 => "[1,0.5,-2,3]",
            6 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => RandomJson(random, depth - 1)))}]",
            _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomMember()))}}}",
        };

        string RandomMember() => $"\"{names[random.Next(names.Length)]}\":{RandomJson(random, depth - 1)}";
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private async Task<JsonElement> GetAsync(string path) => Result(await _server.Client.GetAsync(path));

    private async Task<JsonElement> PostAsync(string path, string body) => Result(await _server.Client.PostAsync(path, Json(body)));

    private async Task<JsonElement> PutAsync(string path, string body) => Result(await _server.Client.PutAsync(path, Json(body)));

    private static JsonElement Result(HttpResponseMessage response)
    {
        using (response)
        {
            string body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            Assert.True(response.IsSuccessStatusCode, body);
            JsonElement answer = JsonSerializer.Deserialize<JsonElement>(body);
            Assert.Equal("ok", answer.GetProperty("status").GetString());
            return answer.GetProperty("result");
        }
    }
}
