using System.Net;
using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Clients;
using MultiVecRetrieval.Tests.Libraries.Answers;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Files and vector stores in the form of OpenAI's API, by its official client and by hand.</summary>
public sealed class VectorStoreTests
{
    private const string Key = "a-key-of-sixteen-or-more";

    private static readonly string[] Words =
    [
        "type", "and", "or", "eq", "nin", "filters", "filter", "key", "value", "page", "query", "file_id", "file_ids", "files", "attributes",
        "name", "ranking_options", "score_threshold", "max_num_results", "tide", "\0", "",
    ];

    private static readonly string[] Routes =
    [
        "/v1/vector_stores", "/v1/vector_stores/texts/search", "/v1/vector_stores/texts/files", "/v1/vector_stores/texts/file_batches",
        "/v1/vector_stores/none/search", "/v1/files",
    ];

    [Fact]
    public async Task ClientOfOpenAi_UploadsAttachesSearchesAndDeletes()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });

        JsonElement got = JsonSerializer.Deserialize<JsonElement>(
            await NodeClient.RunTextAsync("openai-files.mjs", server.Address, Key));

        string file = Text(got, "file", "id");
        string[] more = got.GetProperty("more").Deserialize<string[]>()!;
        Assert.Equal("Harbour-notes", Text(got, "store", "id"));
        Assert.Equal("Harbour notes!", Text(got, "store", "name"));
        Assert.Equal("tides", got.GetProperty("store").GetProperty("metadata").GetProperty("team").GetString());
        Assert.Equal(("completed", "tides.md"), (Text(got, "attached", "status"), Text(got, "file", "filename")));
        Assert.Equal(2024, got.GetProperty("attached").GetProperty("attributes").GetProperty("year").GetDouble());
        Assert.Equal("failed", Text(got, "bad", "status"));
        Assert.NotEmpty(got.GetProperty("bad").GetProperty("last_error").GetProperty("message").GetString()!);
        Assert.Equal(2, got.GetProperty("batch").GetProperty("file_counts").GetProperty("completed").GetInt32());
        Assert.Contains("rises twice", got.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(["tides.md", "broken.pdf"], List(got, "purposes").Take(2));
        Assert.Equal(4, List(got, "files").Length);
        Assert.Equal([Text(got, "bad", "id")], List(got, "failed"));
        JsonElement hit = got.GetProperty("found")[0];
        Assert.Equal((file, "tides.md"), (hit.GetProperty("file_id").GetString(), hit.GetProperty("filename").GetString()));
        Assert.Contains("tide", hit.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("north", hit.GetProperty("attributes").GetProperty("region").GetString());
        Assert.Equal(more.Order(), List(got, "several").Order());
        Assert.All(List(got, "south"), id => Assert.Contains(id, more));
        Assert.Equal([file], List(got, "recent"));
        Assert.Equal(0, got.GetProperty("old").GetArrayLength());
        Assert.Equal(0, got.GetProperty("none").GetArrayLength());
        Assert.Equal(3, got.GetProperty("described").GetProperty("file_counts").GetProperty("completed").GetInt32());
        Assert.Equal(1, got.GetProperty("described").GetProperty("file_counts").GetProperty("failed").GetInt32());
        Assert.Equal(["Harbour-notes"], List(got, "stores"));
        Assert.True(got.GetProperty("detached").GetProperty("deleted").GetBoolean());
        Assert.Equal(file, got.GetProperty("kept").GetString());
        Assert.Equal(new[] { Text(got, "bad", "id"), more[1] }.Order(), List(got, "left").Order());
        Assert.True(got.GetProperty("deletedStore").GetProperty("deleted").GetBoolean());
        Assert.Equal((404, 404), (got.GetProperty("gone").GetInt32(), got.GetProperty("unknown").GetInt32()));
    }

    [Fact]
    public async Task Files_OfTheServersDisk_AppearAndAreNotDeleted()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.FullName, "notes.md");
        await File.WriteAllTextAsync(path, "# Notes\n\nThe sextant measures angles.\n", TestContext.Current.CancellationToken);
        await server.Library.IndexAsync(
            new IndexRequest { Collection = "disk", Paths = [folder.FullName], Models = ["words-only"] },
            cancellationToken: TestContext.Current.CancellationToken);

        JsonElement list = await server.GetJsonAsync("/v1/vector_stores/disk/files");

        JsonElement file = Assert.Single(list.GetProperty("data").EnumerateArray());
        string id = file.GetProperty("id").GetString()!;
        Assert.Equal(("completed", "notes.md"), (file.GetProperty("status").GetString(), file.GetProperty("filename").GetString()));
        Assert.Equal("notes.md", (await server.GetJsonAsync($"/v1/files/{id}")).GetProperty("filename").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.DeleteAsync($"/v1/files/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await server.Client.DeleteAsync("/v1/vector_stores/disk")).StatusCode);
        Assert.True((await server.Client.DeleteAsync($"/v1/vector_stores/disk/files/{id}")).IsSuccessStatusCode);
        Assert.True(File.Exists(path));
        Assert.Equal(0, (await server.GetJsonAsync("/v1/vector_stores/disk/files")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Store_Updated_KeepsWhatIsNotSaid()
    {
        await using RunningServer server = await StartOverTextsAsync();

        JsonElement named = await PostAsync(server, "/v1/vector_stores/texts", """{"name":"Tide tables","metadata":{"a":"b"}}""");
        JsonElement again = await PostAsync(server, "/v1/vector_stores/texts", """{"description":"of the harbour","expires_after":{"days":1}}""");
        JsonElement read = await server.GetJsonAsync("/v1/vector_stores/texts");

        Assert.Equal(("texts", "Tide tables"), (named.GetProperty("id").GetString(), named.GetProperty("name").GetString()));
        Assert.Contains("expires_after", again.GetProperty("notices")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ("Tide tables", "of the harbour", """{"a":"b"}"""),
            (read.GetProperty("name").GetString(), read.GetProperty("description").GetString(), read.GetProperty("metadata").GetRawText()));
    }

    [Theory]
    [InlineData("/search", "{}", "query")]
    [InlineData("/search", "{\"query\": []}", "query")]
    [InlineData("/search", "{\"query\": \"a\", \"max_num_results\": 51}", "max_num_results")]
    [InlineData("/search", "{\"query\": \"a\", \"filters\": {\"type\": \"like\", \"key\": \"a\", \"value\": 1}}", "filters.type")]
    [InlineData("/search", "{\"query\": \"a\", \"ranking_options\": {\"score_threshold\": 2}}", "ranking_options.score_threshold")]
    [InlineData("/files", "{\"file_id\": 7}", "file_id")]
    [InlineData("/file_batches", "{\"file_ids\": []}", "file_ids")]
    [InlineData("", "{\"metadata\": {\"a\": 1}}", "metadata.a")]
    [InlineData("", "{\"name\": 1}", "name")]
    [InlineData("", "{\"name\": \"\\ud800\"}", null)]
    [InlineData("/search", "{\"query\": [\"a\", \"\\udc00\"]}", null)]
    public async Task Post_WrongBody_NamesTheMember(string route, string body, string? member)
    {
        await using RunningServer server = await StartOverTextsAsync();
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        HttpResponseMessage response = await server.Client.PostAsync($"/v1/vector_stores/texts{route}", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal(member, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Post_RandomJson_IsNeverAFailureOfTheServer()
    {
        await using RunningServer server = await StartOverTextsAsync();
        Random random = new(Seed: 7);
        for (int i = 0; i < 400; i++)
        {
            string route = Routes[random.Next(1, Routes.Length)];
            string body = JsonSerializer.Serialize(RandomValue(random, depth: 0));
            using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

            HttpResponseMessage response = await server.Client.PostAsync(route, content);

            Assert.True((int)response.StatusCode < 500, $"{route} {body}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static object? RandomValue(Random random, int depth) => random.Next(depth > 4 ? 5 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-2, 60) / 2.0,
        3 or 4 => Words[random.Next(Words.Length)],
        5 => Enumerable.Range(0, random.Next(3)).Select(_ => RandomValue(random, depth + 1)).ToArray(),
        _ => Enumerable.Range(0, random.Next(5)).Select(_ => Words[random.Next(Words.Length)]).Distinct()
            .ToDictionary(name => name, _ => RandomValue(random, depth + 1)),
    };

    private static async Task<RunningServer> StartOverTextsAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        TextCollection.Write(server.Folder, ("tides.pdf", ["The tide rises."]));
        return server;
    }

    private static async Task<JsonElement> PostAsync(RunningServer server, string path, string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.Client.PostAsync(path, content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Text(JsonElement got, string name, string member) => got.GetProperty(name).GetProperty(member).GetString()!;

    private static string[] List(JsonElement got, string name) => got.GetProperty(name).Deserialize<string[]>()!;
}
