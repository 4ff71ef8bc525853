using System.Text.Json;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Folders of the setting <c>server:watch</c>: the server indexes what changes in them, and says how that goes.</summary>
public sealed class WatchingTests
{
    [Fact]
    public async Task Server_WithWatchedFolders_IndexesWhatChanges()
    {
        using TemporaryFolder folder = new();
        string notes = Directory.CreateDirectory(folder.PathOf("notes")).FullName;
        string data = folder.PathOf("data");
        await WriteAsync(notes, "one.md");
        using (Library library = new(new LibraryOptions { DataFolder = data }))
        {
            await library.IndexAsync(
                new IndexRequest { Collection = "notes", Paths = [notes], Models = ["words-only"] },
                cancellationToken: TestContext.Current.CancellationToken);
            library.CreateCollection("vectors");
            library.Records.Create("client", [new VectorSpec { Name = "dense", Dimension = 2 }]);
        }

        await using RunningServer server = await RunningServer.StartAsync(
            new ServerOptions { Watch = ["notes", $"client={notes}"], WatchInterval = TimeSpan.FromSeconds(2) }, data);
        await WriteAsync(notes, "two.md");
        JsonElement watch = await WaitAsync(server, "notes", body => body.GetProperty("documentCount").GetInt32() == 2
            && body.GetProperty("watch").GetProperty("state").GetString() == "waiting");
        JsonElement failed = await WaitAsync(
            server, "client", body => body.GetProperty("watch").GetProperty("state").GetString() == "failed");
        JsonElement other = await server.GetJsonAsync("/v1/collections/vectors");

        Assert.NotEqual(JsonValueKind.Null, watch.GetProperty("lookedAt").ValueKind);
        Assert.Equal([notes], failed.GetProperty("paths").Deserialize<string[]>()!);
        Assert.Contains("vectors that clients bring", failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, other.GetProperty("watch").ValueKind);
    }

    private static Task WriteAsync(string folder, string name) =>
        File.WriteAllTextAsync(Path.Combine(folder, name), $"# {name}\n\nSomething to read.\n", TestContext.Current.CancellationToken);

    private static async Task<JsonElement> WaitAsync(RunningServer server, string collection, Func<JsonElement, bool> isReached)
    {
        JsonElement body = default;
        for (int i = 0; i < 300; i++)
        {
            body = await server.GetJsonAsync($"/v1/collections/{collection}");
            if (isReached(body))
            {
                return body.GetProperty("watch");
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Not reached within 30 seconds: {body}");
    }
}
