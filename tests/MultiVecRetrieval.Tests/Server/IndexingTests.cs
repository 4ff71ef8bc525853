using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>From an upload to a hit and back, with the bundled model.</summary>
public sealed class IndexingTests : IAsyncLifetime
{
    private readonly string _media = Directory.CreateTempSubdirectory("mvr-upload-").FullName;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        GeneratedMedia.Write(_media);
        _server = await RunningServer.StartAsync(new ServerOptions { AllowedRoots = [_media] });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_media, recursive: true);
    }

    [Fact]
    public async Task Upload_IsIndexedFoundShownAndDeleted()
    {
        using HttpResponseMessage created = await _server.Client.PutAsJsonAsync("/v1/collections/mine", new { });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        JsonElement job = await UploadAsync("weather report.pdf", "stone.png");
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        Assert.Equal(3, job.GetProperty("report").GetProperty("entriesAdded").GetInt32());
        JsonElement progress = job.GetProperty("progress");
        Assert.Equal((2, 2, 3),
            (progress.GetProperty("filesDone").GetInt32(), progress.GetProperty("filesTotal").GetInt32(),
            progress.GetProperty("entriesDone").GetInt32()));

        JsonElement result = await _server.GetJsonAsync("/v1/collections/mine/search?q=umbrella&top=1");
        JsonElement hit = Assert.Single(result.GetProperty("hits").EnumerateArray());
        Assert.Equal("weather report.pdf#page=2", hit.GetProperty("key").GetString());
        Assert.Equal(2, hit.GetProperty("page").GetInt32());
        string[] sides = [.. hit.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("name").GetString()!)];
        Assert.Contains("text", sides);
        Assert.Contains(hit.GetProperty("matches").EnumerateArray(),
            match => match.GetProperty("source").GetString() == "vectors:page-words");
        Assert.All(hit.GetProperty("matches").EnumerateArray(), match => Assert.Equal(4, match.GetProperty("box").GetArrayLength()));

        using HttpResponseMessage picture = await _server.Client.GetAsync(hit.GetProperty("thumbnailUrl").GetString());
        byte[] jpeg = await picture.Content.ReadAsByteArrayAsync();
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0xFF, 0xD8], jpeg[..2]);
        Assert.Contains("immutable", picture.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using HttpRequestMessage again = new(HttpMethod.Get, hit.GetProperty("thumbnailUrl").GetString());
        again.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
        using HttpResponseMessage known = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);

        using HttpResponseMessage deleted = await _server.Client.DeleteAsync("/v1/collections/mine/document?key=weather%20report.pdf");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using HttpResponseMessage twice = await _server.Client.DeleteAsync("/v1/collections/mine/document?key=weather%20report.pdf");
        await Problems.AssertAsync(twice, HttpStatusCode.NotFound, "unknown-document");
    }

    [Fact]
    public async Task Upload_BrokenFile_IsListedWithItsReason_AndTheRestIsIndexed()
    {
        await _server.Client.PutAsJsonAsync("/v1/collections/mine", new { });
        await File.WriteAllTextAsync(Path.Combine(_media, "broken.pdf"), "%PDF-1.4\nthis is not one");

        await File.WriteAllTextAsync(Path.Combine(_media, "notes.py"), "no text of this type is read");

        JsonElement job = await UploadAsync("broken.pdf", "stone.png", "notes.py");

        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        JsonElement unsupported = Assert.Single(job.GetProperty("report").GetProperty("unsupported").EnumerateArray());
        Assert.Equal(".py", unsupported.GetProperty("extension").GetString());
        JsonElement failed =
            Assert.Single((await _server.GetJsonAsync("/v1/collections/mine/sources?state=failed")).GetProperty("items").EnumerateArray());
        Assert.Equal("broken.pdf", failed.GetProperty("path").GetString());
        Assert.False(string.IsNullOrWhiteSpace(failed.GetProperty("reason").GetString()));
        JsonElement counts = (await _server.GetJsonAsync("/v1/collections/mine")).GetProperty("sources");
        Assert.Equal(1, counts.GetProperty("indexed").GetInt32());
        Assert.Equal(1, counts.GetProperty("failed").GetInt32());
        Assert.Equal(3, counts.GetProperty("seen").GetInt32());
    }

    [Fact]
    public async Task Index_ByPath_FollowsTheJobByEvents_AndFindsByPicture()
    {
        await _server.Client.PutAsJsonAsync("/v1/collections/mine", new { });

        using HttpResponseMessage accepted =
            await _server.Client.PostAsJsonAsync("/v1/collections/mine/index", new { paths = new[] { _media } });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        string events = await _server.Client.GetStringAsync(accepted.Headers.Location + "/events");

        Assert.Contains("event: end", events, StringComparison.Ordinal);
        long[] ids =
            [.. events.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => long.Parse(line[4..]))];
        Assert.Equal(ids.Order(), ids);
        using MultipartFormDataContent form =
            new() { { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(_media, "stone.png"))), "image", "q.png" } };
        using HttpResponseMessage found = await _server.Client.PostAsync("/v1/collections/mine/search", form);
        JsonElement result = await found.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(found.IsSuccessStatusCode, result.ToString());
        Assert.Equal("stone.png", result.GetProperty("hits")[0].GetProperty("key").GetString());
        using MultipartFormDataContent bad = new() { { new ByteArrayContent([1, 2, 3]), "image", "q.png" } };
        using HttpResponseMessage refused = await _server.Client.PostAsync("/v1/collections/mine/search", bad);
        await Problems.AssertAsync(refused, HttpStatusCode.UnprocessableEntity, "unusable-media");
    }

    private async Task<JsonElement> UploadAsync(params string[] names)
    {
        using MultipartFormDataContent form = [];
        foreach (string name in names)
        {
            form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(_media, name))), "file", name);
        }

        using HttpResponseMessage response = await _server.Client.PostAsync("/v1/collections/mine/documents", form);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await _server.WaitForJobAsync(response.Headers.Location!.ToString().Split('/')[^1]);
    }
}
