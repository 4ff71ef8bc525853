namespace MultiVecRetrieval.Cli.Agents;

/// <summary>The agents whose settings files are known; docs/mcp.md says from where.</summary>
internal static class KnownAgents
{
    /// <summary>All of them, with the files of this user.</summary>
    /// <param name="home">The user's folder.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static IReadOnlyList<Agent> List(string home, Func<string, string?> variable)
    {
        string applications = OperatingSystem.IsWindows() ? variable("APPDATA") ?? Path.Combine(home, "AppData", "Roaming")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support")
            : variable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config
            : Path.Combine(home, ".config");
        string codex = variable("CODEX_HOME") is { Length: > 0 } folder ? folder : Path.Combine(home, ".codex");
        return
        [
            new Agent("claude-code", "Claude Code", Path.Combine(home, ".claude.json"), "mcpServers", AgentFileFormat.Json, WithType: true),
            new Agent("claude-desktop", "Claude Desktop", Path.Combine(applications, "Claude", "claude_desktop_config.json"), "mcpServers",
                AgentFileFormat.Json),
            new Agent("cursor", "Cursor", Path.Combine(home, ".cursor", "mcp.json"), "mcpServers", AgentFileFormat.Json),
            new Agent("vscode", "VS Code", Path.Combine(applications, "Code", "User", "mcp.json"), "servers",
                AgentFileFormat.JsonWithComments, WithType: true),
            new Agent("codex", "Codex", Path.Combine(codex, "config.toml"), "mcp_servers", AgentFileFormat.Toml),
            new Agent("gemini-cli", "Gemini CLI", Path.Combine(home, ".gemini", "settings.json"), "mcpServers", AgentFileFormat.Json),
        ];
    }
}
