using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Peers that come as npm packages: installed into peers/node_modules when they are first asked for.</summary>
internal static class NodePeers
{
    /// <summary>The folder of the programs that run peers.</summary>
    public static string Folder { get; } = Path.Combine(GetFolder(), "peers");

    /// <summary>The folder of a package, installed if need be.</summary>
    /// <exception cref="InvalidOperationException">npm is missing or failed; says which package could not be had.</exception>
    public static string Install(string package)
    {
        string folder = Path.Combine([Folder, "node_modules", .. package.Split('/')]);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        try
        {
            // Not "npm ci": it refuses a lock file that lacks the builds for other systems, which not every mirror carries.
            Start("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            throw new InvalidOperationException($"it is the npm package {package}, and npm (apt: nodejs npm) did not install it: {error.Message}", error);
        }

        return folder;
    }

    /// <summary>Runs a program in the folder of peers to its end; returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Start(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true };
        start.Environment["RUST_LOG"] = "error";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {arguments[0]} ended with exit code {process.ExitCode}.");
    }

    private static string GetFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
