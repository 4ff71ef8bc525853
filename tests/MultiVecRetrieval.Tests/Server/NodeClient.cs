using System.Diagnostics;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Runs a script of tests/clients in Node.js; its packages are installed once, as the lock file says.</summary>
internal static class NodeClient
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(1);

    private static readonly Lazy<string?> Missing = new(Install);

    private static string Folder => Path.Combine(RepositoryRoot.Folder, "tests", "clients");

    /// <summary>Standard output of a script, or of <c>-e</c> and its text; the test is skipped where node, npm or a package is
    /// missing.</summary>
    public static string Run(string script, params string[] arguments)
    {
        Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
        (int code, string output, string error) = Start("node", [script, .. arguments], RunLimit)!.Value;
        Assert.True(code == 0, $"{script}: {error}");
        return output;
    }

    // Why scripts cannot run; null when they can.
    private static string? Install()
    {
        if (Start("node", ["--version"], RunLimit) is null)
        {
            return "node is not installed.";
        }

        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            return null;
        }

        return Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], InstallLimit) switch
        {
            null => "npm is not installed.",
            (0, _, _) => null,
            (_, _, string error) => $"npm ci in tests/clients failed: {error}",
        };
    }

    // Null when there is no such program.
    private static (int Code, string Output, string Error)? Start(string program, string[] arguments, TimeSpan limit)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return (-1, "", $"{program} took more than {limit.TotalSeconds} s.");
            }

            return (process.ExitCode, output.Result, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
