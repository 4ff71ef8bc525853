namespace MultiVecRetrieval.Shared;

/// <summary>A program that is needed is missing or failed.</summary>
internal sealed class ExternalCommandException(string command, string reason) : Exception($"'{command}' failed: {reason}")
{
    /// <summary>The command line.</summary>
    public string Command { get; } = command;
}
