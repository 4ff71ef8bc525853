using System.ComponentModel;
using System.Diagnostics;

namespace MultiVecRetrieval.Shared;

/// <summary>Runs the few programs that fetch and render documents.</summary>
internal static class ExternalCommand
{
    /// <summary>Runs to the end and returns standard output.</summary>
    /// <exception cref="ExternalCommandException">The program is missing or ends with an error; the message has its words.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the program is stopped.</exception>
    public static string Run(string program, IReadOnlyList<string> arguments, string? workingFolder = null,
        CancellationToken cancellationToken = default)
    {
        string command = $"{program} {string.Join(' ', arguments)}";
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        try
        {
            using Process process = Process.Start(start) ?? throw new ExternalCommandException(command, "it did not start");
            using CancellationTokenRegistration stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true));

            // Both pipes are read at once; a program that fills the one not being read would wait for ever.
            Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode == 0
                ? output
                : throw new ExternalCommandException(command, $"exit code {process.ExitCode}, {error.Result.Trim()}");
        }
        catch (Win32Exception exception)
        {
            throw new ExternalCommandException(command, exception.Message);
        }
    }
}
