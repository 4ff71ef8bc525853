using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Runs FAISS IndexBinaryFlat in a Python process; python3-faiss has to be installed, as apt does.</summary>
internal static class FaissHammingPeer
{
    /// <summary>Searches the codes of <paramref name="file"/>, which the queries follow; null when FAISS is not there.</summary>
    public static Answer? Run(string file, int bitCount, int count, int queryCount, int top, int[] threads)
    {
        // The distribution's Python is the one that sees the distribution's packages.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        int[] numbers = [bitCount, count, queryCount, top, .. threads];
        string[] arguments = [GetScript(), file, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using Process process =
            Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
        {
            return JsonSerializer.Deserialize<Answer>(output, JsonSerializerOptions.Web);
        }

        Console.Error.WriteLine($"FAISS did not run (apt install python3-faiss): {errors.Result.Trim().Split('\n')[^1]}");
        return null;
    }

    private static string GetScript([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "peers", "faiss_hamming.py");

    /// <summary>What FAISS found and took.</summary>
    internal sealed record Answer(string Version, Timing[] Runs, int[][] Distances);

    /// <summary>Milliseconds a query, wall and processor time: one query a call, and all queries in one call.</summary>
    internal sealed record Timing(int Threads, double SingleMs, double SingleProcessorMs, double BatchMs, double BatchProcessorMs);
}
