namespace MultiVecRetrieval.Eval.Pages;

/// <summary>A program that the suite needs is missing or failed.</summary>
public sealed class ExternalCommandException(string command, string reason) : Exception($"'{command}' failed: {reason}")
{
    /// <summary>The command line.</summary>
    public string Command { get; } = command;
}
