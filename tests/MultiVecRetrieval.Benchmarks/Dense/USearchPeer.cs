using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cloud.Unum.USearch;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>USearch's graph over float32 or int8 rows, one vector and one query at a time, on the thread that calls it.</summary>
internal static partial class USearchPeer
{
    private static readonly int[] Expansions = [10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 1500, 2500, 4000];

    /// <summary>Builds and searches; null, after saying why, when it cannot run here.</summary>
    public static DenseRun? Run(string engine, DenseVectors vectors, string folder)
    {
        try
        {
            return Measure(engine, vectors, folder);
        }
        catch (Exception exception) when (exception is USearchException or DllNotFoundException)
        {
            Console.WriteLine($"{engine} cannot run here: {exception.Message}");
            return null;
        }
    }

    private static DenseRun Measure(string engine, DenseVectors vectors, string folder)
    {
        DenseOptions options = vectors.Options;
        using USearchIndex index = new(
            MetricKind.Ip,
            engine == "usearch-i8" ? ScalarKind.Int8 : ScalarKind.Float32,
            (ulong)options.Dimension,
            (ulong)options.M,
            (ulong)options.EfConstruction);
        float[] values = new float[options.Dimension];
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int row = 0; row < options.Count; row++)
        {
            vectors.GetRow(row).CopyTo(values);
            index.Add((ulong)row, values);
        }

        double buildSeconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        string path = Path.Combine(folder, engine);
        index.Save(path);
        List<DenseSetting> sweep = [.. Expansions.Select(expansion => new DenseSetting($"{expansion}", expansion, (query, found) =>
        {
            ChangeExpansion(GetHandle(index), (nuint)expansion, out _);
            query.CopyTo(values);
            int count = index.Search(values, options.Top, out ulong[] keys, out _);
            for (int i = 0; i < count; i++)
            {
                found[i] = new ScoredId((int)keys[i], 0);
            }

            return count;
        }))];
        return DenseEngines.Sweep(engine, vectors, new FileInfo(path).Length, buildSeconds, sweep);
    }

    // The library lets the expansion change, its .NET class only names it when an index is made.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_index")]
    private static extern ref nint GetHandle(USearchIndex index);

    [LibraryImport("usearch_c", EntryPoint = "usearch_change_expansion_search")]
    private static partial void ChangeExpansion(nint index, nuint expansion, out nint error);
}
