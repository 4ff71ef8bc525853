using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Training of centroids.</summary>
internal static class CodesBenchmark
{
    /// <summary>Prints the tables.</summary>
    public static int Run(string[] options)
    {
        int rowCount = 1_000_000;
        int centroidCount = 256;
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--rows" when i + 1 < options.Length:
                    rowCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--centroids" when i + 1 < options.Length:
                    centroidCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                default:
                    Console.Error.WriteLine($"Unknown option {options[i]}; codes knows --rows N and --centroids K.");
                    return 2;
            }
        }

        Console.WriteLine(Machine.Describe());
        TrainCentroids(rowCount, centroidCount);
        return 0;
    }

    private static void TrainCentroids(int rowCount, int centroidCount)
    {
        const int dimension = 128;
        PageVectors samples = new(seed: 1, dimension);
        float[] rows = new float[rowCount * dimension];
        for (int first = 0, page = 0; first < rowCount; page++)
        {
            int count = Math.Min(1_000, rowCount - first);
            samples.GetPage(page, rowCount: 1_000).Values[..(count * dimension)].CopyTo(rows.AsSpan(first * dimension));
            first += count;
        }

        KMeansOptions options = new() { MaxRowsPerCentroid = int.MaxValue, Threads = Environment.ProcessorCount };
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        KMeans.Train(dimension, rows, centroidCount, options);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        Console.WriteLine();
        Console.WriteLine(
            $"k-means: {rowCount:n0} x {dimension}, K = {centroidCount:n0}, at most {options.Iterations} passes, {options.Threads} threads: "
            + $"{wall.TotalSeconds:f1} s wall, {(Environment.CpuUsage.TotalTime - processor).TotalSeconds:f1} s processor");
    }
}
