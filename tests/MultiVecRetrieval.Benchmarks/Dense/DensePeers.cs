using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>
/// Peers that run on the same files: hnswlib and FAISS in a program that g++ compiles here, zvec in Node.js (npm: @zvec/zvec).
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
            if (engine.StartsWith("zvec", StringComparison.Ordinal))
            {
                NodePeers.Install("@zvec/zvec");
                return Read(engine, NodePeers.Start("node", ["zvec.mjs", engine, .. numbers, .. files, folder]));
            }

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
        if (!File.Exists("/usr/include/hnswlib/hnswlib.h") || !Directory.Exists("/usr/include/faiss"))
        {
            throw new InvalidOperationException("it is compiled here, and its headers are missing (apt: g++ libhnswlib-dev libfaiss-dev libopenblas-dev).");
        }

        if (!File.Exists(program))
        {
            Start(
                "g++",
                NodePeers.Folder,
                ["-O3", "-march=native", "-fopenmp", $"{name}.cpp", "-o", program, "-lfaiss", "-lopenblas"]);
        }

        return program;
    }

    private static DenseRun Read(string engine, string output)
    {
        List<DensePoint>[] points = [[], []];
        double seconds = 0, bytes = 0;
        // Libraries say things of their own besides.
        foreach (string line in output.Split('\n').Where(line => line.StartsWith('{')))
        {
            PeerLine read = JsonSerializer.Deserialize<PeerLine>(line, JsonSerializerOptions.Web)!;
            if (read.BuildSeconds is { } buildSeconds)
            {
                (seconds, bytes) = (buildSeconds, read.Bytes);
                continue;
            }

            string setting = read.Refine > 1 ? $"{read.Parameter}, refine {read.Refine}" : $"{read.Parameter}";
            points[read.File]
                .Add(new DensePoint(setting, read.Recall, read.QueriesPerSecond, engine.Contains("-ivf", StringComparison.Ordinal)
                ? 0
                : read.Parameter));
        }

        return new DenseRun(engine, seconds, bytes, points);
    }

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
