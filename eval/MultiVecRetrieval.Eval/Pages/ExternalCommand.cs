using System.ComponentModel;
using System.Diagnostics;

namespace MultiVecRetrieval.Eval.Pages;

/// <summary>Runs the few programs that fetch and render the documents of the suite.</summary>
internal static class ExternalCommand
{
    /// <summary>Runs to the end and returns standard output.</summary>
    /// <exception cref="ExternalCommandException">The program is missing or ends with an error; the message has its words.</exception>
    public static string Run(string program, IReadOnlyList<string> arguments, string? workingFolder = null)
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
            // Both pipes are read at once; a program that fills the one not being read would wait for ever.
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new ExternalCommandException(command, $"exit code {process.ExitCode}, {error.Result.Trim()}");
        }
        catch (Win32Exception exception)
        {
            throw new ExternalCommandException(command, exception.Message);
        }
    }
}
