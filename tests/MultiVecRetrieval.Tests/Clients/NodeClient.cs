using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace MultiVecRetrieval.Tests.Clients;

/// <summary>
/// Runs the scripts of <c>tests/clients</c>: clients of other makers, in JavaScript. Their packages are installed once, at the versions of
/// the lock file, and again when that changes.
/// </summary>
internal static class NodeClient
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ScriptTimeout = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string?>> Installed = new(InstallAsync);

    private static string Folder => Path.Combine(RepositoryRoot.Folder, "tests", "clients");

    /// <summary>Ends the test as skipped, with the reason, where Node.js or the packages cannot be had.</summary>
    public static async Task SkipIfMissingAsync()
    {
        string? problem = await Installed.Value;
        Assert.SkipWhen(problem is not null, problem ?? "");
    }

    /// <summary>Runs a script to its end and reads the JSON that it writes to standard output.</summary>
    /// <param name="script">Name of the file in <c>tests/clients</c>.</param>
    /// <param name="wish">Becomes the script's argument, as JSON.</param>
    public static async Task<JsonElement> RunAsync(string script, object wish)
    {
        (int exitCode, string output, string error) = await StartAsync(
            "node", [script, JsonSerializer.Serialize(wish, JsonSerializerOptions.Web)], ScriptTimeout);
        Assert.True(exitCode == 0, $"node {script} ended with exit code {exitCode}: {error}{output}");
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>Standard output of <c>node</c> with these arguments; the test is skipped where it or a package is missing.</summary>
    public static async Task<string> RunTextAsync(params string[] arguments)
    {
        await SkipIfMissingAsync();
        (int exitCode, string output, string error) = await StartAsync("node", arguments, ScriptTimeout);
        Assert.True(exitCode == 0, $"node {arguments[0]} ended with exit code {exitCode}: {error}{output}");
        return output;
    }

    /// <summary>Runs a script that is to fail, and returns what it says.</summary>
    public static async Task<string> FailAsync(string script, object wish)
    {
        (int exitCode, string output, string error) = await StartAsync(
            "node", [script, JsonSerializer.Serialize(wish, JsonSerializerOptions.Web)], ScriptTimeout);
        Assert.True(exitCode != 0, $"node {script} did not fail: {output}");
        return error;
    }

    // The marker says for which lock file the folder is complete; the lock keeps other runs of the tests out meanwhile.
    private static async Task<string?> InstallAsync()
    {
        string packages = Path.Combine(Folder, "node_modules");
        string marker = Path.Combine(packages, ".complete");
        string wanted = Convert.ToHexStringLower(
            SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        try
        {
            await StartAsync("node", ["--version"], ScriptTimeout);
            using FileStream held = await LockAsync();
            if (File.Exists(marker) && await File.ReadAllTextAsync(marker) == wanted)
            {
                return null;
            }

            (int exitCode, _, string error) = await StartAsync(
                "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], InstallTimeout);
            if (exitCode != 0)
            {
                return $"The packages of tests/clients cannot be installed: npm ended with exit code {exitCode}, {error.Trim()}";
            }

            await File.WriteAllTextAsync(marker, wanted);
            return null;
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"Node.js with npm is needed: {missing.Message}";
        }
    }

    private static async Task<FileStream> LockAsync()
    {
        // In the folder for temporary files, named after this checkout: the checkout itself stays clean.
        string name = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Folder)))[..16];
        string path = Path.Combine(Path.GetTempPath(), $"mvr-clients-{name}.lock");
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.Elapsed < InstallTimeout)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> StartAsync(string program, string[] arguments, TimeSpan timeout)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        using CancellationTokenSource late = new(timeout);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {arguments[0]} did not end within {timeout.TotalSeconds:0} seconds.");
        }
    }
}
