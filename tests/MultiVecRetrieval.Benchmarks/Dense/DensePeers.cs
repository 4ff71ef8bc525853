using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>
/// Peers that run on the same files: hnswlib and FAISS in a program that g++ compiles here (apt: libhnswlib-dev, libfaiss-dev,
/// libopenblas-dev).
/// </summary>
internal static class DensePeers
{
    /// <summary>Runs a peer; null, after saying why, when it cannot run here.</summary>
    public static DenseRun? Run(string engine, DenseVectors vectors, string folder)
    {
        try
        {
            DenseOptions options = vectors.Options;
            string[] files = [Path.Combine(folder, "base.fvecs"), .. DenseVectors.Kinds.SelectMany(
                kind => new[] { Path.Combine(folder, $"{kind}.fvecs"), Path.Combine(folder, $"{kind}.ivecs") })];
            string[] numbers =
                [.. new[] { options.M, options.EfConstruction, options.Top }.Select(x => x.ToString(CultureInfo.InvariantCulture))];
            return Read(engine, Start(Compile("dense", folder), folder, [engine, .. numbers, .. files]));
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            Console.WriteLine($"{engine} cannot run here: {exception.Message}");
            return null;
        }
    }

    /// <summary>Compiles a program of the folder of peers that FAISS is linked to; returns where it is.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public static string Compile(string name, string folder)
    {
        string program = Path.Combine(folder, $"{name}-peer");
        if (!File.Exists(program))
        {
            Start(
                "g++",
                GetPeersFolder(),
                ["-O3", "-march=native", "-fopenmp", $"{name}.cpp", "-o", program, "-lfaiss", "-lopenblas"]);
        }

        return program;
    }

    private static DenseRun Read(string engine, string output)
    {
        List<DensePoint>[] points = [[], []];
        double seconds = 0, bytes = 0;
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            PeerLine read = JsonSerializer.Deserialize<PeerLine>(line, JsonSerializerOptions.Web)!;
            if (read.BuildSeconds is { } buildSeconds)
            {
                (seconds, bytes) = (buildSeconds, read.Bytes);
                continue;
            }

            string setting = read.Refine > 1 ? $"{read.Parameter}, refine {read.Refine}" : $"{read.Parameter}";
            points[read.File]
                .Add(new DensePoint(setting, read.Recall, read.QueriesPerSecond, engine.StartsWith("faiss-ivf", StringComparison.Ordinal)
                ? 0
                : read.Parameter));
        }

        return new DenseRun(engine, seconds, bytes, points);
    }

    private static string GetPeersFolder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "peers"));

    /// <summary>Runs a program to its end; returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Start(string program, string folder, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {arguments[0]} ended with exit code {process.ExitCode}.");
    }

    private sealed record PeerLine(double? BuildSeconds, double Bytes, int File, int Parameter, int Refine, double Recall,
        double QueriesPerSecond);
}
