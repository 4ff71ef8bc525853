using System.Text.Json.Nodes;
using MultiVecRetrieval.Cli.Agents;
using MultiVecRetrieval.Tests.Cli;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>The settings of agents: what is added, and that nothing else changes.</summary>
public sealed class AgentSettingsTests
{
    private static readonly AgentProgram Program = new(
        "/opt/m v r/mvr", ["mcp", "--data", "C:\\a \"b\""], new Dictionary<string, string> { ["DOTNET_ROOT"] = "/opt/dotnet" });

    private static readonly JsonObject Entry = Program.ToJson(withType: true);

    public static TheoryData<string> JsonFiles => new(
        "",
        "  \n",
        "{}",
        "{ }\n",
        """{"mcpServers":{}}""",
        """{"mcpServers":{"other":{"command":"x"}},"z":1.50}""",
        """{"a":[1,{"mcpServers":{"mvr":1}}],"mcpServers":{"mvr":{"command":"old"},"other":null},"b":"ü\u00fc"}""",
        "{\r\n\t\"mcpServers\" : {\r\n\t\t\"other\" : { }\r\n\t}\r\n}",
        "\uFEFF{\"x\": 1}");

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public void SetEntry_JsonFile_AddsTheEntryAndKeepsTheRest(string text)
    {
        string changed = JsonMembers.SetEntry(text, "mcpServers", "mvr", Entry, allowComments: false);

        JsonObject after = Parse(changed);
        Assert.True(JsonNode.DeepEquals(Entry, after["mcpServers"]!["mvr"]), changed);
        JsonObject before = string.IsNullOrWhiteSpace(text) ? [] : Parse(text);
        Assert.True(JsonNode.DeepEquals(Without(before), Without(after)), changed);
        Assert.Equal(changed, JsonMembers.SetEntry(changed, "mcpServers", "mvr", Entry, allowComments: false));
    }

    [Fact]
    public void SetEntry_Comments_StayWhereTheyAre()
    {
        const string Text = """
            // mine
            {
              "inputs": [], /* none */
              "servers": { // both
                "other": { "command": "a", }, // kept
              },
            }
            """;

        string changed = JsonMembers.SetEntry(Text, "servers", "mvr", Entry, allowComments: true);

        // Every line of the file is still there, in its order.
        int at = 0;
        foreach (string line in Text.Split('\n').Where(line => line.Trim() is not "" and not "\"servers\": { // both"))
        {
            at = changed.IndexOf(line.Trim(), at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{line}' is not in {changed}");
        }

        Assert.Contains("// both", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void SetEntry_EntryOfTheUser_KeepsWhatElseItSays()
    {
        const string Text = """
            {
              "servers": {
                "mvr": {
                  "command": "old", // was elsewhere
                  "env": { "K": "v" },
                  "disabled": false
                }
              }
            }
            """;

        string changed = JsonMembers.SetEntry(Text, "servers", "mvr", Entry, allowComments: true);

        Assert.Contains("// was elsewhere", changed, StringComparison.Ordinal);
        JsonNode entry = JsonNode.Parse(changed.Replace("// was elsewhere", "", StringComparison.Ordinal))!["servers"]!["mvr"]!;
        Assert.Equal("v", entry["env"]!["K"]!.GetValue<string>());
        Assert.Equal("/opt/dotnet", entry["env"]!["DOTNET_ROOT"]!.GetValue<string>());
        Assert.False(entry["disabled"]!.GetValue<bool>());
        Assert.Equal(Program.Command, entry["command"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(Entry["args"], entry["args"]));
    }

    [Theory]
    [InlineData("{", false)]
    [InlineData("[]", false)]
    [InlineData("""{"a":1,"a":2}""", false)]
    [InlineData("""{"mcpServers":[]}""", false)]
    [InlineData("""{"mcpServers":null}""", false)]
    [InlineData("""{"mcpServers":{"mvr":"text"}}""", false)]
    [InlineData("""{"mcpServers":{"mvr":{"env":[]}}}""", false)]
    [InlineData("""{"a":1} // comment""", false)]
    [InlineData("""{"a":1,}""", false)]
    [InlineData("""{"mcpServers":7} // comment""", true)]
    public void SetEntry_FileThatCannotBeRead_IsRefused(string text, bool allowComments) =>
        Assert.Throws<FormatException>(() => JsonMembers.SetEntry(text, "mcpServers", "mvr", Entry, allowComments));

    [Fact]
    public void SetTable_TomlFile_AddsTheTableAndKeepsEveryLine()
    {
        const string Text = "# mine\nmodel = \"x\" # keep\n\n[mcp_servers.other]\ncommand = \"a\"\nargs = [\n  \"1\", # one\n]\n";

        string added = TomlTables.SetTable(Text, "mcp_servers", "mvr", Program);
        string changed = TomlTables.SetTable(
            added.Replace("[mcp_servers.mvr]\n", "[mcp_servers.mvr]\nstartup_timeout_sec = 20 # mine\n", StringComparison.Ordinal),
            "mcp_servers", "mvr", Program with { Command = "/elsewhere" });

        Assert.StartsWith(Text, added, StringComparison.Ordinal);
        Assert.EndsWith(
            "[mcp_servers.mvr]\ncommand = \"/opt/m v r/mvr\"\nargs = [\"mcp\", \"--data\", \"C:\\\\a \\\"b\\\"\"]\n"
            + "env = { DOTNET_ROOT = \"/opt/dotnet\" }\n",
            added, StringComparison.Ordinal);
        Assert.StartsWith(Text, changed, StringComparison.Ordinal);
        Assert.Contains("startup_timeout_sec = 20 # mine", changed, StringComparison.Ordinal);
        Assert.Contains("command = \"/elsewhere\"", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("/opt/m v r", changed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[broken\n")]
    [InlineData("a = 1\na = 2\n")]
    [InlineData("mcp_servers = { other = { command = \"b\" } }\n")]
    [InlineData("mcp_servers = 7\n")]
    [InlineData("[[mcp_servers]]\nname = \"other\"\n")]
    public void SetTable_FileThatCannotBeAddedTo_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => TomlTables.SetTable(text, "mcp_servers", "mvr", Program));

    [Theory]
    [InlineData("claude-code", ".claude.json", "mcpServers")]
    [InlineData("claude-desktop", ".config/Claude/claude_desktop_config.json", "mcpServers")]
    [InlineData("cursor", ".cursor/mcp.json", "mcpServers")]
    [InlineData("vscode", ".config/Code/User/mcp.json", "servers")]
    [InlineData("gemini-cli", ".gemini/settings.json", "mcpServers")]
    public void Install_Write_AddsToTheFileAndKeepsTheFormerOne(string agent, string file, string section)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The folders are those of Linux.");
            return;
        }

        using TemporaryFolder home = new();
        string path = home.PathOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        const string Former = """{"mine": {"key": "secret"}}""";
        File.WriteAllText(path, Former);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        ToolResult printed = Tool.RunIn(home, ("HOME", home), "agent", "install", agent, "-d", "data", "-c", "notes");
        string untouched = File.ReadAllText(path);
        ToolResult written = Tool.RunIn(home, ("HOME", home), "agent", "install", agent, "--write", "-d", "data", "-c", "notes");

        Assert.True(printed.ExitCode == 0 && written.ExitCode == 0, printed.Error + written.Error);
        Assert.Equal(Former, untouched);
        JsonNode added = Parse(File.ReadAllText(path))[section]!["multivecretrieval"]!;
        Assert.True(JsonNode.DeepEquals(added, Parse(printed.Output)[section]!["multivecretrieval"]), printed.Output);
        string[] arguments = [.. added["args"]!.AsArray().Select(argument => argument!.GetValue<string>())];
        Assert.Equal(["mcp", "--data", home.PathOf("data"), "--collection", "notes"], arguments[^5..]);
        Assert.Equal("secret", Parse(File.ReadAllText(path))["mine"]!["key"]!.GetValue<string>());
        Assert.Equal(Former, File.ReadAllText(path + ".bak"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Install_FileThatCannotBeRead_IsLeftAsItIs()
    {
        using TemporaryFolder home = new();
        Directory.CreateDirectory(home.PathOf(".cursor"));
        File.WriteAllText(home.PathOf(".cursor/mcp.json"), "{ not JSON");

        ToolResult result = Tool.RunIn(home, ("HOME", home), "agent", "install", "cursor", "--write");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is left as it is: it is no JSON", result.Error, StringComparison.Ordinal);
        Assert.Equal("{ not JSON", File.ReadAllText(home.PathOf(".cursor/mcp.json")));
        Assert.Single(Directory.GetFiles(home.PathOf(".cursor")));
    }

    [Fact]
    public void Replace_TwiceOrThroughALink_KeepsEveryFormerFile()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.PathOf("real.json"), "1");
        File.CreateSymbolicLink(folder.PathOf("link.json"), folder.PathOf("real.json"));

        string? first = AgentFile.Replace(folder.PathOf("link.json"), "2");
        string? second = AgentFile.Replace(folder.PathOf("link.json"), "3");
        string? none = AgentFile.Replace(folder.PathOf("new/file.json"), "4");

        Assert.Equal("3", File.ReadAllText(folder.PathOf("real.json")));
        Assert.NotNull(new FileInfo(folder.PathOf("link.json")).LinkTarget);
        Assert.Equal("1", File.ReadAllText(first!));
        Assert.Equal("2", File.ReadAllText(second!));
        Assert.Null(none);
        Assert.Equal(5, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length);
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text.TrimStart('\uFEFF'))!.AsObject();

    private static JsonObject Without(JsonObject file)
    {
        JsonObject rest = file.DeepClone().AsObject();
        if (rest["mcpServers"] is JsonObject servers)
        {
            servers.Remove("mvr");
            if (servers.Count == 0)
            {
                rest.Remove("mcpServers");
            }
        }

        return rest;
    }
}
