namespace MultiVecRetrieval.Cli;

/// <summary>What the process returns; documented in the README and by <c>mvr --help</c>.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Success = 0;

    /// <summary>Something failed; the message on standard error says what.</summary>
    public const int Failure = 1;

    /// <summary>The command line or a setting is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A native part or program is missing; the message says how to install it.</summary>
    public const int MissingPart = 3;

    /// <summary>The collection, entry or file does not exist.</summary>
    public const int NotFound = 4;

    /// <summary>The run ended, and some files could not be indexed; <c>mvr status</c> lists them.</summary>
    public const int SomeFailed = 5;

    /// <summary>The collection is being written by another process.</summary>
    public const int Locked = 6;

    /// <summary>Stopped by Ctrl-C; what was committed is kept, and the next run resumes.</summary>
    public const int Cancelled = 130;
}
