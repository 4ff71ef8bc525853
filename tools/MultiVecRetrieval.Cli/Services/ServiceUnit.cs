using MultiVecRetrieval.Cli.Agents;

namespace MultiVecRetrieval.Cli.Services;

/// <summary>The unit file with which systemd runs <c>mvr serve</c>.</summary>
internal static class ServiceUnit
{
    /// <summary>Where a system service reads what must not stand in the unit: the key.</summary>
    public const string SecretsFile = "/etc/multivecretrieval.env";

    /// <param name="program">The program with its arguments.</param>
    /// <param name="folder">Absolute folder to run in: appsettings.json is read there.</param>
    public static string Write(AgentProgram program, string folder)
    {
        IEnumerable<string> environment = program.Environment.Select(pair => $"Environment={Quote($"{pair.Key}={pair.Value}")}\n");

        // The tool ends within 30 seconds of being asked to; the manager kills it later.
        return $"""
            [Unit]
            Description=MultiVecRetrieval, search page and HTTP API
            Wants=network-online.target
            After=network-online.target

            [Service]
            Type=notify
            ExecStart={string.Join(' ', program.Arguments.Prepend(program.Command).Select(word => Quote(word).Replace("$", "$$", StringComparison.Ordinal)))}
            WorkingDirectory={folder.Replace("%", "%%", StringComparison.Ordinal)}
            {string.Concat(environment)}# Variables such as MVR_SERVER__API_KEY=..., readable by root alone.
            EnvironmentFile=-{SecretsFile}
            Restart=on-failure
            TimeoutStopSec=40
            NoNewPrivileges=yes
            ProtectSystem=full

            [Install]
            WantedBy=default.target

            """;
    }

    // Within quotes a backslash and a quote are escaped; % begins a specifier everywhere.
    private static string Quote(string word) => "\"" + word
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal) + "\"";
}
