using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Cli.Agents;

/// <summary>The program that an agent starts.</summary>
/// <param name="Command">An absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables that it needs beside those of the agent.</param>
internal sealed record AgentProgram(string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>This tool, as it runs now, with other arguments.</summary>
    public static AgentProgram OfThisTool(IReadOnlyList<string> arguments)
    {
        string process = System.Environment.ProcessPath ?? "mvr";

        // Started by dotnet, the tool is the library beside it.
        bool isHosted = Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] all = isHosted ? [Path.Combine(AppContext.BaseDirectory, "mvr.dll"), .. arguments] : [.. arguments];

        // An SDK of the user's own is found by this variable alone, and an agent starts without the user's shell.
        Dictionary<string, string> environment = [];
        if (System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            environment["DOTNET_ROOT"] = root;
        }

        return new AgentProgram(process, all, environment);
    }

    /// <summary>The members of an entry of agents that read JSON.</summary>
    public JsonObject ToJson(bool withType)
    {
        JsonObject entry = [];
        if (withType)
        {
            entry["type"] = "stdio";
        }

        entry["command"] = Command;
        entry["args"] = new JsonArray([.. Arguments.Select(argument => JsonValue.Create(argument))]);
        if (Environment.Count > 0)
        {
            entry["env"] = new JsonObject(Environment.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        return entry;
    }
}
