using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Runs LanceDB's exact search and its IVF_PQ index in a Node.js process; its packages are installed into peers/node_modules on
/// first use.</summary>
internal static class LanceDbPeer
{
    /// <summary>Candidates per hit that the index scores again by their rows.</summary>
    private const int RefineFactor = 16;

    /// <summary>Searches the vectors of <paramref name="file"/>: exactly, then by the index with its default settings.</summary>
    public static IReadOnlyList<SearchRun> Run(SearchOptions options, string file, string databaseFolder)
    {
        string peers = GetPeersFolder();
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "@lancedb")))
        {
            // Not "npm ci": it refuses a lock file that lacks the builds for other systems, which not every mirror carries.
            Start("npm", peers, ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]);
        }

        int[] counts =
            [options.PageCount, options.PageRowCount, options.Dimension, options.QueryCount, options.QueryRowCount, options.Top,
            RefineFactor];
        string output = Start(
            "node", peers, ["lancedb.mjs", file, databaseFolder, .. counts.Select(x => x.ToString(CultureInfo.InvariantCulture))]);
        PeerAnswer answer = JsonSerializer.Deserialize<PeerAnswer>(output, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("LanceDB gave no answer.");
        List<SearchRun> runs = [new SearchRun("LanceDB flat", answer.IngestSeconds, answer.LatenciesMs, answer.Hits)];
        if (answer.Indexed is { } indexed)
        {
            runs.Add(new SearchRun($"LanceDB IVF_PQ refine {RefineFactor}", indexed.IngestSeconds, indexed.LatenciesMs, indexed.Hits));
        }

        return runs;
    }

    private static string GetPeersFolder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "peers");

    private static string Start(string program, string folder, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["RUST_LOG"] = "error";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {arguments[0]} ended with exit code {process.ExitCode}.");
    }

    private sealed record PeerAnswer(double IngestSeconds, double[] LatenciesMs, int[][] Hits, PeerAnswer? Indexed);
}
