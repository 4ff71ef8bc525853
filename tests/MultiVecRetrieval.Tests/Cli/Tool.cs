using System.Diagnostics;
using System.Text.Json;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>Runs <c>mvr</c> as a process of its own, as a script does.</summary>
internal static class Tool
{
    public static ToolResult Run(params string[] arguments) => Complete(Start(arguments));

    /// <summary>Runs the tool where only the programs of one folder are installed.</summary>
    public static ToolResult RunWithPath(string path, params string[] arguments) => Complete(Start(arguments, path));

    /// <summary>Runs the tool with one more environment variable.</summary>
    public static ToolResult RunWith(string variable, string value, params string[] arguments) =>
        Complete(Start(arguments, variable: (variable, value)));

    /// <summary>Runs the tool in a folder, with one more environment variable.</summary>
    public static ToolResult RunIn(string folder, (string Name, string Value) variable, params string[] arguments) =>
        Complete(Start(arguments, variable: variable, folder: folder));

    private static ToolResult Complete(Process running)
    {
        using Process process = running;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, error.Result);
    }

    public static Process Start(string[] arguments, string? path = null, (string Name, string Value)? variable = null,
        string? folder = null)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "mvr.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = path ?? start.Environment["PATH"];
        if (variable is var (name, value))
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}
