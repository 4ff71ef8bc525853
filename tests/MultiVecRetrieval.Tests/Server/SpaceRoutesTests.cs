using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Another model in place of a space's, over HTTP.</summary>
public sealed class SpaceRoutesTests : IAsyncLifetime
{
    private const int Pictures = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _models = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        // The same weights in graphs that are written in another way: another identity, the same geometry.
        PlantedEncoder.CreateSplit().MoveTo(Path.Combine(_models, "old"));
        PlantedEncoder.CreateCombined().MoveTo(Path.Combine(_models, "new"));
        string media = Directory.CreateDirectory(Path.Combine(_folder.FullName, "media")).FullName;
        Random random = new(4);
        for (int i = 0; i < Pictures; i++)
        {
            (byte, byte, byte) colour = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            File.WriteAllBytes(
                Path.Combine(media, $"p{i:00}.png"), SampleLibrary.Png(PlantedEncoder.Plain(40, 40, colour)));
        }

        _server = await RunningServer.StartAsync(folder: Path.Combine(_folder.FullName, "data"), modelFolders: [_models]);
        await _server.Library.IndexAsync(new IndexRequest { Collection = "plain", Paths = [media], Models = ["old"] });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _models.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PutModel_Replaces_AndRestoreTakesBack()
    {
        using HttpResponseMessage accepted = await PutAsync("old", new { model = "new" });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        JsonElement started = await accepted.Content.ReadFromJsonAsync<JsonElement>();
        JsonElement job = await _server.WaitForJobAsync(started.GetProperty("id").GetString()!);

        Assert.Equal(("replace", "succeeded"), (job.GetProperty("kind").GetString(), job.GetProperty("state").GetString()));
        Assert.True(job.GetProperty("replacement").GetProperty("isSwitched").GetBoolean());
        Assert.Equal("live", await StateAsync("new"));
        Assert.Equal("kept", await StateAsync("old"));

        using HttpResponseMessage restored = await _server.Client.PostAsync("/v1/collections/plain/spaces/old/restore", null);
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        Assert.Equal("live", await StateAsync("old"));

        // What nothing took the place of cannot be taken back.
        using HttpResponseMessage again = await _server.Client.PostAsync("/v1/collections/plain/spaces/old/restore", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task DeleteSpace_RemovesItsRowsOnceItsNameIsRepeated()
    {
        using HttpResponseMessage refused = await _server.Client.DeleteAsync("/v1/collections/plain/spaces/old");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        using HttpResponseMessage removed = await _server.Client.DeleteAsync("/v1/collections/plain/spaces/old?confirm=old");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty((await _server.GetJsonAsync("/v1/collections/plain")).GetProperty("spaces").EnumerateArray());
    }

    [Theory]
    [InlineData("none", "new", HttpStatusCode.NotFound)]
    [InlineData("old", "none", HttpStatusCode.BadRequest)]
    [InlineData("old", "../../etc", HttpStatusCode.BadRequest)]
    [InlineData("old", null, HttpStatusCode.BadRequest)]
    public async Task PutModel_WhatIsNotThere_IsRefusedByName(string space, string? model, HttpStatusCode status)
    {
        using HttpResponseMessage refused = await PutAsync(space, new { model });

        Assert.Equal(status, refused.StatusCode);
        Assert.Empty((await _server.GetJsonAsync("/v1/jobs?collection=plain")).GetProperty("items").EnumerateArray());
    }

    private Task<HttpResponseMessage> PutAsync(string space, object body) =>
        _server.Client.PutAsJsonAsync($"/v1/collections/plain/spaces/{space}/model", body);

    private async Task<string?> StateAsync(string space) => (await _server.GetJsonAsync("/v1/collections/plain")).GetProperty("spaces")
        .EnumerateArray().Single(known => known.GetProperty("name").GetString() == space).GetProperty("state").GetString();
}
