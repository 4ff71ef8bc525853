using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Attributes over HTTP: set by a job, counted, filtered, asked for, removed.</summary>
public sealed class AttributeRoutesTests : IAsyncLifetime
{
    private const string Route = "/v1/collections/plain/attributes";

    private readonly TemporaryFolder _folder = new();
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        string media = Directory.CreateDirectory(Path.Combine(_folder.FullName, "media")).FullName;
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors[..4])
        {
            File.WriteAllBytes(
                Path.Combine(media, $"{word}.png"), SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (red, green, blue))));
        }

        _server = await RunningServer.StartAsync(folder: Path.Combine(_folder.FullName, "data"), modelFolders: [_model.Folder]);
        await _server.Library.IndexAsync(new IndexRequest { Collection = "plain", Paths = [media], Models = [_model.Folder] });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PutAttribute_IsAJob_WhoseValuesAreCountedFilteredAndShown()
    {
        JsonElement job = await SetAsync("colour", new { values = new[] { "red", "green", "blue" } });
        Assert.Equal(("attribute", "succeeded"), (job.GetProperty("kind").GetString(), job.GetProperty("state").GetString()));

        JsonElement listed = Assert.Single((await _server.GetJsonAsync(Route)).EnumerateArray());
        Assert.Equal(("colour", "{}", 0L), (listed.GetProperty("name").GetString(), listed.GetProperty("template").GetString(),
            listed.GetProperty("waitingEntryCount").GetInt64()));
        JsonElement facet = (await _server.GetJsonAsync("/v1/collections/plain/facets?fields=attribute.colour")).GetProperty("facets")[0];
        Assert.Equal(4, facet.GetProperty("values").EnumerateArray().Sum(value => value.GetProperty("count").GetInt64()));
        JsonElement entries = await _server.GetJsonAsync("/v1/collections/plain/entries?filter=attribute.colour%20%3D%20green");
        Assert.Contains("green.png", entries.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("key").GetString()));
        JsonElement entry = await _server.GetJsonAsync("/v1/collections/plain/entry?key=blue.png");
        Assert.Equal("blue", entry.GetProperty("attributes")[0].GetProperty("value").GetString());
        Assert.Equal("colour", (await _server.GetJsonAsync("/v1/collections/plain")).GetProperty("attributes")[0].GetString());

        using HttpResponseMessage removed = await _server.Client.DeleteAsync($"{Route}/colour");
        using HttpResponseMessage again = await _server.Client.DeleteAsync($"{Route}/colour");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task Search_PartByAttribute_ComparesThatAlone()
    {
        await SetAsync("warmth", new { values = new[] { "red", "blue" } });

        using HttpResponseMessage answer = await _server.Client.PostAsJsonAsync(
            "/v1/collections/plain/search", new { parts = new object[] { new { entry = "yellow.png", attribute = "warmth" } } });

        JsonElement hits = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("hits");
        Assert.Equal(["red.png", "green.png", "blue.png"], hits.EnumerateArray().Select(hit => hit.GetProperty("key").GetString()));
    }

    [Theory]
    [InlineData("a.b", """{"values":["red"]}""", HttpStatusCode.BadRequest)]
    [InlineData("colour", """{"values":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("colour", """{"values":["red",null]}""", HttpStatusCode.BadRequest)]
    [InlineData("colour", """{"values":["red"],"template":"a photo"}""", HttpStatusCode.BadRequest)]
    [InlineData("colour", """{"values":["red"],"threshold":2}""", HttpStatusCode.BadRequest)]
    [InlineData("colour", """{"values":["red"],"space":"none"}""", HttpStatusCode.NotFound)]
    [InlineData("colour", """{}""", HttpStatusCode.BadRequest)]
    public async Task PutAttribute_ThatCannotBeTaken_IsRefusedBeforeTheJob(string name, string body, HttpStatusCode status)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage refused = await _server.Client.PutAsync($"{Route}/{name}", content);

        Assert.Equal(status, refused.StatusCode);
        Assert.Empty((await _server.GetJsonAsync("/v1/jobs?collection=plain")).GetProperty("items").EnumerateArray());
    }

    private async Task<JsonElement> SetAsync(string name, object body)
    {
        using HttpResponseMessage accepted = await _server.Client.PutAsJsonAsync($"{Route}/{name}", body);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        JsonElement job = await accepted.Content.ReadFromJsonAsync<JsonElement>();
        return await _server.WaitForJobAsync(job.GetProperty("id").GetString()!);
    }
}
