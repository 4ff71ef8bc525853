using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Server;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>Agents that may index, and those that may not.</summary>
public sealed class McpIndexTests
{
    [Fact]
    public async Task Tools_WithoutAllowedRoots_OnlyRead()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement[] tools = await ListAsync(server);

        Assert.Equal(
            ["fetch", "find_similar", "get_page_image", "list_collections", "search", "status"],
            tools.Select(tool => tool.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(tools, tool =>
        {
            JsonElement hints = tool.GetProperty("annotations");
            Assert.True(hints.GetProperty("readOnlyHint").GetBoolean());
            Assert.False(hints.GetProperty("destructiveHint").GetBoolean());
            Assert.True(hints.GetProperty("idempotentHint").GetBoolean());
            Assert.False(hints.GetProperty("openWorldHint").GetBoolean());
        });
        Assert.Equal(["query"], Required(tools, "search"));
        Assert.Equal(["id"], Required(tools, "fetch"));
    }

    [Fact]
    public async Task Index_BelowAllowedRoots_IsAJobWhoseFilesAreFound()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.PathOf("notes.txt"), "The theodolite measures angles.");
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { AllowedRoots = [folder] });
        JsonElement tool = (await ListAsync(server)).Single(tool => tool.GetProperty("name").GetString() == "index");

        JsonElement started = await McpClient.GetAsync(server.Client, "index", new { paths = new[] { folder.FullName }, collection = "new" });
        JsonElement job = await server.WaitForJobAsync(started.GetProperty("job").GetString()!);
        JsonElement status = await McpClient.GetAsync(server.Client, "status", new { collection = "new" });
        JsonElement found = await McpClient.GetAsync(server.Client, "search", new { query = "theodolite" });

        Assert.False(tool.GetProperty("annotations").GetProperty("readOnlyHint").GetBoolean());
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        JsonElement item = Assert.Single(status.GetProperty("collections").EnumerateArray());
        Assert.Equal(1, item.GetProperty("indexed").GetInt64());
        Assert.Equal("succeeded", item.GetProperty("jobs")[0].GetProperty("state").GetString());
        Assert.StartsWith("new/notes.txt", found.GetProperty("results")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_Elsewhere_IsRefusedAndMakesNoCollection()
    {
        using TemporaryFolder folder = new();
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { AllowedRoots = [folder] });

        string elsewhere = await McpClient.FailAsync(server.Client, "index", new { paths = new[] { "/etc" } });
        string relative = await McpClient.FailAsync(server.Client, "index", new { paths = new[] { "here" } });
        string none = await McpClient.FailAsync(server.Client, "index", new { paths = Array.Empty<string>() });
        string text = await McpClient.FailAsync(server.Client, "index", new { paths = "here" });

        Assert.Equal("'/etc' is not below a folder of server:allowedRoots.", elsewhere);
        Assert.Equal("'here' is not an absolute path.", relative);
        Assert.Contains("paths must list 1 to 1000 texts", none, StringComparison.Ordinal);
        Assert.Equal("The argument 'paths' cannot be read; expected a list of texts.", text);
        JsonElement list = await McpClient.GetAsync(server.Client, "list_collections", new { });
        Assert.Equal(0, list.GetProperty("collections").GetArrayLength());
        JsonElement found = await McpClient.GetAsync(server.Client, "search", new { query = "anything" });
        Assert.Equal("There are no collections yet.", found.GetProperty("notices")[0].GetString());
    }

    private static async Task<JsonElement[]> ListAsync(RunningServer server) =>
        [.. (await McpClient.SendAsync(server.Client, "tools/list", new { })).GetProperty("result").GetProperty("tools").EnumerateArray()];

    private static string[] Required(JsonElement[] tools, string name) =>
        [.. tools.Single(tool => tool.GetProperty("name").GetString() == name).GetProperty("inputSchema").GetProperty("required")
            .EnumerateArray().Select(required => required.GetString()!)];
}
