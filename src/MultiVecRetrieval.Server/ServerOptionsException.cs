namespace MultiVecRetrieval.Server;

/// <summary>A server setting that cannot be used; thrown before anything listens.</summary>
/// <param name="setting">The setting, for instance <c>server:urls</c>.</param>
/// <param name="reason">What is wrong with its value.</param>
public class ServerOptionsException(string setting, string reason) : Exception($"{setting}: {reason}.")
{
    /// <summary>The setting, for instance <c>server:urls</c>.</summary>
    public string Setting { get; } = setting;
}
