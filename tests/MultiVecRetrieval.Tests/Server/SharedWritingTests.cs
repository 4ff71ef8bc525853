using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Cli;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>The command line and a running server write the same collection, in turn.</summary>
public sealed class SharedWritingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _media = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync(new ServerOptions { AllowedRoots = [_media.FullName] });
        using HttpResponseMessage made =
            await _server.Client.PutAsJsonAsync("/v1/collections/both", new { models = new[] { "words-only" } });
        made.EnsureSuccessStatusCode();
        _media.Write("one.pdf", SampleLibrary.Pdf("harbour"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _media.Dispose();
    }

    [Fact]
    public async Task CommandLine_WhileTheServerIsIdle_IndexesAndRemovesAndTheServerSeesIt()
    {
        await IndexOverHttpAsync();
        _media.Write("two.pdf", SampleLibrary.Pdf("glacier"));

        ToolResult index = Mvr("index", _media.FullName, "--json");
        JsonElement found = await _server.GetJsonAsync("/v1/collections/both/search?q=glacier&using=text");
        ToolResult removed = Mvr("remove", "one.pdf");
        JsonElement documents = await _server.GetJsonAsync("/v1/collections/both/documents");
        _media.Write("three.pdf", SampleLibrary.Pdf("meadow"));
        JsonElement job = await IndexOverHttpAsync();

        Assert.True(index.ExitCode == 0, index.Error);
        Assert.Equal(1, index.Json.GetProperty("indexed").GetInt32());
        Assert.Equal("two.pdf#page=1", found.GetProperty("hits")[0].GetProperty("key").GetString());
        Assert.True(removed.ExitCode == 0, removed.Error);
        Assert.Equal("two.pdf", Assert.Single(documents.GetProperty("items").EnumerateArray()).GetProperty("key").GetString());
        // The removed file is still there, so that it comes back with the new one.
        Assert.Equal(2, job.GetProperty("report").GetProperty("indexed").GetInt32());
    }

    [Fact]
    public async Task DeleteCollection_NameRepeated_IsGoneAndItsFilesStay()
    {
        await IndexOverHttpAsync();

        using HttpResponseMessage asked = await _server.Client.DeleteAsync("/v1/collections/both");
        using HttpResponseMessage deleted = await _server.Client.DeleteAsync("/v1/collections/both?confirm=both");
        using HttpResponseMessage again = await _server.Client.DeleteAsync("/v1/collections/both?confirm=both");

        JsonElement question = await Problems.AssertAsync(asked, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("'both' with 1 documents", question.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await Problems.AssertAsync(again, HttpStatusCode.NotFound, "unknown-collection");
        Assert.False(Directory.Exists(Path.Combine(_server.Folder, "both")));
        Assert.True(File.Exists(_media.PathOf("one.pdf")));
        Assert.Empty((await _server.GetJsonAsync("/v1/collections")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task DeleteCollection_AnotherProcessWrites_IsRefusedAndNothingIsLost()
    {
        await IndexOverHttpAsync();
        using Library library = new(new LibraryOptions { DataFolder = _server.Folder });

        using (library.GetWritableCollection("both").HoldLock())
        {
            using HttpResponseMessage refused = await _server.Client.DeleteAsync("/v1/collections/both?confirm=both");
            await Problems.AssertAsync(refused, HttpStatusCode.Conflict, "collection-locked");
        }

        JsonElement documents = await _server.GetJsonAsync("/v1/collections/both/documents");
        Assert.Single(documents.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task OneThatWrites_IsNamedToTheOther()
    {
        using Library library = new(new LibraryOptions { DataFolder = _server.Folder });

        using (library.GetWritableCollection("both").HoldLock())
        {
            ToolResult refused = Mvr("remove", "one.pdf");
            using HttpResponseMessage answer =
                await _server.Client.PostAsJsonAsync("/v1/collections/both/index", new { paths = new[] { _media.FullName } });

            Assert.Equal(6, refused.ExitCode);
            Assert.Contains($"process {Environment.ProcessId}", refused.Error, StringComparison.Ordinal);
            JsonElement problem = await Problems.AssertAsync(answer, HttpStatusCode.Conflict, "collection-locked");
            Assert.Contains($"process {Environment.ProcessId}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal("succeeded", (await IndexOverHttpAsync()).GetProperty("state").GetString());
    }

    private ToolResult Mvr(params string[] arguments) =>
        Tool.Run([.. arguments, "--data", _server.Folder, "--collection", "both", "--set", "quietPeriod=00:00:00"]);

    private async Task<JsonElement> IndexOverHttpAsync()
    {
        using HttpResponseMessage accepted =
            await _server.Client.PostAsJsonAsync("/v1/collections/both/index", new { paths = new[] { _media.FullName } });
        JsonElement job = await accepted.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(accepted.StatusCode == HttpStatusCode.Accepted, job.ToString());
        return await _server.WaitForJobAsync(job.GetProperty("id").GetString()!);
    }
}
