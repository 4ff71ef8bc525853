namespace MultiVecRetrieval.Cli.Agents;

/// <summary>An agent whose settings can be written: where its file is and what stands in it.</summary>
/// <param name="Name">What people type.</param>
/// <param name="Title">What people call it.</param>
/// <param name="File">The absolute path of its settings file on this machine.</param>
/// <param name="Section">The member or table that holds its servers.</param>
/// <param name="Format">How the file is written.</param>
/// <param name="WithType">True where an entry says <c>"type": "stdio"</c>.</param>
internal sealed record Agent(string Name, string Title, string File, string Section, AgentFileFormat Format, bool WithType = false)
{
    /// <summary>The settings file with our entry in it, and everything else as it was.</summary>
    /// <param name="text">What the file says now; null where there is none.</param>
    /// <param name="server">Name of the entry.</param>
    /// <param name="program">What the agent starts.</param>
    /// <exception cref="FormatException">The file cannot be parsed, or holds servers in a form that cannot be added to.</exception>
    public string Merge(string? text, string server, AgentProgram program) => Format == AgentFileFormat.Toml
        ? TomlTables.SetTable(text ?? "", Section, server, program)
        : JsonMembers.SetEntry(
            text ?? "", Section, server, program.ToJson(WithType), allowComments: Format == AgentFileFormat.JsonWithComments);
}
