namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>What to run, and within which bounds.</summary>
internal sealed record ChildProcessOptions
{
    /// <summary>Absolute path of the executable.</summary>
    public required string FileName { get; init; }

    /// <summary>Arguments, passed as they are: no shell looks at them.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Wall-clock time until the process is killed; <see cref="ChildProcess.RestartClock"/> starts it again.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The setting that a timeout names.</summary>
    public string TimeoutSetting { get; init; } = "media:pageTimeout";

    /// <summary>Wall-clock time that restarting cannot prolong.</summary>
    public required TimeSpan TotalTimeout { get; init; }

    /// <summary>Address space in bytes.</summary>
    public required long MaxMemoryBytes { get; init; }

    /// <summary>Size in bytes of each file that it may write; null for no bound of its own.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>Variables of the environment beside the few that every program gets, or in their place.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives each line of standard error, on a thread of its own, and answers what to keep of it as error text, or
    /// null.</summary>
    public Func<string, string?>? ErrorLine { get; init; }
}
