namespace MultiVecRetrieval.Cli.Agents;

/// <summary>How an agent's settings file is written.</summary>
internal enum AgentFileFormat
{
    /// <summary>JSON as the standard has it.</summary>
    Json,

    /// <summary>JSON with comments and commas before a closing bracket, as VS Code reads it.</summary>
    JsonWithComments,

    /// <summary>TOML.</summary>
    Toml,
}
