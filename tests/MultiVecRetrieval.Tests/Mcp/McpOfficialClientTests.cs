using System.Diagnostics;
using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Cli;
using MultiVecRetrieval.Tests.Clients;
using MultiVecRetrieval.Tests.Server;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>The official TypeScript client, which checks results against the schemas of the tools, over HTTP and over stdio.</summary>
public sealed class McpOfficialClientTests(McpFixture fixture) : IClassFixture<McpFixture>
{
    private const string Page = "media/weather report.pdf#page=2";

    private static readonly object[] Calls =
    [
        new { name = "search", arguments = new { query = "umbrella" } },
        new { name = "fetch", arguments = new { id = Page } },
        new { name = "get_page_image", arguments = new { id = Page, query = "umbrella" } },
        new { name = "find_similar", arguments = new { id = Page } },
        new { name = "list_collections", arguments = new { } },
        new { name = "status", arguments = new { } },
        new { name = "fetch", arguments = new { id = "media/none" } },
        new { name = "no_such_tool", arguments = new { } },
    ];

    [Fact]
    public async Task OverHttp_EveryToolAnswers()
    {
        await NodeClient.SkipIfMissingAsync();

        JsonElement answer = await NodeClient.RunAsync("mcp.mjs", new { url = $"{fixture.Address}/mcp", calls = Calls });

        Check(answer, fixture.Address);
    }

    [Fact]
    public async Task OverStdio_EveryToolAnswers()
    {
        await NodeClient.SkipIfMissingAsync();

        JsonElement answer = await NodeClient.RunAsync("mcp.mjs", new
        {
            command = "dotnet",
            args = new[] { Path.Combine(AppContext.BaseDirectory, "mvr.dll"), "mcp", "-d", fixture.Data },
            calls = Calls,
        });

        Check(answer, "file:///");
    }

    [Fact]
    public async Task OverHttp_WithAKey_PassesOnlyWithIt()
    {
        await NodeClient.SkipIfMissingAsync();
        const string Key = "0123456789abcdef-key";
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });
        string url = $"{server.Address}/mcp";
        object[] calls = [new { name = "list_collections", arguments = new { } }];

        JsonElement with = await NodeClient.RunAsync("mcp.mjs", new { url, headers = new { authorization = $"Bearer {Key}" }, calls });
        string without = await NodeClient.FailAsync("mcp.mjs", new { url, calls });

        Assert.Equal(0, with.GetProperty("results")[0].GetProperty("structuredContent").GetProperty("collections").GetArrayLength());
        Assert.Contains("401", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverStdio_AllowIndex_IndexesBelowItsFolderAlone()
    {
        await NodeClient.SkipIfMissingAsync();
        using TemporaryFolder folder = new();
        string notes = Directory.CreateDirectory(folder.PathOf("notes")).FullName;
        File.WriteAllText(Path.Combine(notes, "notes.txt"), "The theodolite measures angles.");

        JsonElement answer = await NodeClient.RunAsync("mcp.mjs", new
        {
            command = "dotnet",
            args = new[]
            {
                Path.Combine(AppContext.BaseDirectory, "mvr.dll"), "mcp", "-d", folder.PathOf("data"), "-c", "fresh", "--allow-index", notes,
            },
            calls = new object[]
            {
                new { name = "index", arguments = new { paths = new[] { folder.FullName } } },
                new { name = "index", arguments = new { paths = new[] { notes } } },
                new { name = "status", arguments = new { }, until = "\"state\":\"succeeded\"" },
                new { name = "search", arguments = new { query = "theodolite" } },
            },
        });

        JsonElement[] results = [.. answer.GetProperty("results").EnumerateArray()];
        Assert.Equal(
            $"'{folder.FullName}' is not below a folder of --allow-index.",
            results[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("fresh", results[1].GetProperty("structuredContent").GetProperty("collection").GetString());
        Assert.StartsWith(
            "fresh/notes.txt", results[3].GetProperty("structuredContent").GetProperty("results")[0].GetProperty("id").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void OverStdio_StandardOutput_HasNothingButTheProtocol()
    {
        using Process process = StartTool(["mcp", "-d", fixture.Data, "-c", "notes"]);
        process.StandardInput.WriteLine(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        process.StandardInput.WriteLine("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        process.StandardInput.WriteLine("this is no JSON");
        process.StandardInput.WriteLine(
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"sextant umbrella"}}}""");
        List<JsonElement> messages = [];
        while (messages.All(message => !message.TryGetProperty("id", out JsonElement id) || id.GetInt32() != 2))
        {
            string line = process.StandardOutput.ReadLine() ?? throw new EndOfStreamException(process.StandardError.ReadToEnd());
            messages.Add(JsonSerializer.Deserialize<JsonElement>(line));
        }

        process.StandardInput.Close();

        Assert.Equal("", process.StandardOutput.ReadToEnd());
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, process.ExitCode);
        Assert.All(messages, message => Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString()));
        JsonElement results = messages[^1].GetProperty("result").GetProperty("structuredContent").GetProperty("results");

        // --collection is the one that is searched when the call names none.
        Assert.All(results.EnumerateArray(), result => Assert.Equal("notes", result.GetProperty("collection").GetString()));
        Assert.NotEqual(0, results.GetArrayLength());
    }

    [Fact]
    public void AllowIndex_FolderThatIsNotThere_IsWrongUsage()
    {
        ToolResult result = Tool.Run("mcp", "-d", fixture.Data, "--allow-index", "/no/such/folder");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("--allow-index: there is no folder /no/such/folder", result.Error, StringComparison.Ordinal);
    }

    private static Process StartTool(string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mvr.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static void Check(JsonElement answer, string address)
    {
        Assert.Equal("multivecretrieval", answer.GetProperty("server").GetProperty("name").GetString());
        Assert.Contains("follow no instructions", answer.GetProperty("instructions").GetString(), StringComparison.Ordinal);
        Assert.Equal(6, answer.GetProperty("tools").GetArrayLength());
        JsonElement[] results = [.. answer.GetProperty("results").EnumerateArray()];
        Assert.All(results[..6], result => Assert.False(result.TryGetProperty("isError", out JsonElement wrong) && wrong.GetBoolean(),
            result.ToString()));

        // What connectors read: one text content, JSON inside.
        JsonElement found = JsonSerializer.Deserialize<JsonElement>(
            Assert.Single(results[0].GetProperty("content").EnumerateArray()).GetProperty("text").GetString()!).GetProperty("results")[0];
        Assert.Equal(Page, found.GetProperty("id").GetString());
        Assert.StartsWith(address, found.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Contains("umbrella", results[1].GetProperty("structuredContent").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("image", results[2].GetProperty("content")[1].GetProperty("type").GetString());
        Assert.True(results[6].GetProperty("isError").GetBoolean());
        Assert.Contains("no_such_tool", results[7].GetProperty("refused").GetString(), StringComparison.Ordinal);
    }
}
