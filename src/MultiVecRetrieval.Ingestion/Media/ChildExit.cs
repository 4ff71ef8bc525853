namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>How a child process ended.</summary>
/// <param name="Program">Name of the program.</param>
/// <param name="ExitCode">Exit code; 128 + n when signal n ended it.</param>
/// <param name="ErrorText">The start of what it wrote to standard error.</param>
internal sealed record ChildExit(string Program, int ExitCode, string ErrorText)
{
    private const int SignalBase = 128;
    private const int CpuTimeSignal = 24;
    private const int FileSizeSignal = 25;

    /// <summary>True when the program says that it succeeded.</summary>
    public bool IsSuccess => ExitCode == 0;

    /// <summary>An error that carries the last words of the program, and the memory limit where that was the cause.</summary>
    public MediaException ToException(string what)
    {
        if (LooksLikeMemory())
        {
            return new MediaException($"{what}: {Program} ran out of memory.", "media:maxChildMemoryBytes");
        }

        if (ExitCode == SignalBase + CpuTimeSignal)
        {
            return new MediaException($"{what}: {Program} used up its processor time.", "media:fileTimeout");
        }

        if (ExitCode == SignalBase + FileSizeSignal)
        {
            return new MediaException($"{what}: {Program} wrote too large a file.", "media:maxFileBytes");
        }

        string ending = ExitCode > SignalBase ? $"was ended by signal {ExitCode - SignalBase}" : $"failed with exit code {ExitCode}";
        string words = FirstLine();
        return new MediaException(words.Length == 0 ? $"{what}: {Program} {ending}." : $"{what}: {Program} {ending}: {words}");
    }

    // The limit is on address space, so an allocation fails inside the program and the program says so in its own way.
    private bool LooksLikeMemory() =>
        !IsSuccess && (ErrorText.Contains("ut of memory", StringComparison.Ordinal)
            || ErrorText.Contains("bad_alloc", StringComparison.Ordinal) ||
        ErrorText.Contains("Cannot allocate memory", StringComparison.Ordinal));

    private string FirstLine()
    {
        foreach (string line in ErrorText.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            return line.Length <= 300 ? line : line[..300] + "…";
        }

        return "";
    }
}
