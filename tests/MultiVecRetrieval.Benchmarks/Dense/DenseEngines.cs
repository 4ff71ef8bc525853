using System.Numerics.Tensors;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>Engines in this process: each finds candidates by its codes, then the best of them are scored again with the float32 rows.
/// </summary>
internal static class DenseEngines
{
    // Exact scores of twice as many as are asked for: int8 codes swap few of them.
    private const int RescoreFactor = 2;
    private const int MostRescored = 60;

    /// <summary>Inverted lists: a sweep over the share of lists and the rows that int8 codes score.</summary>
    public static DenseRun RunLists(DenseVectors vectors, string folder)
    {
        string path = Path.Combine(folder, "ours.ivf");
        DenseOptions options = vectors.Options;
        double seconds = Build(path, file => IvfBuilder.Build(
            Read(vectors), options.Count, options.Dimension, new IvfOptions { Queries = vectors.TextSample }, file,
                CancellationToken.None));
        using IvfIndex index = IvfIndex.Open(path);
        List<DenseSetting> sweep = [];
        foreach (int rerank in (int[])[60, 100, 200])
        {
            foreach (double share in (double[])[0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1])
            {
                int probes = Math.Max(1, (int)(share * index.ListCount));
                sweep.Add(new DenseSetting($"{probes} lists, {rerank} rows", 0, (query, found) =>
                    index.Search(query, RescoreFactor * options.Top, probes, rerank, [], found)));
            }
        }

        return Sweep("ours: inverted lists", vectors, GetBytes(vectors, path), seconds, sweep);
    }

    /// <summary>The graph over int8 nodes: a sweep over ef.</summary>
    public static DenseRun RunGraph(DenseVectors vectors, string folder) =>
        RunGraph("ours: graph", vectors, folder, HnswNodes.Int8, [RescoreFactor]);

    /// <summary>The graph over nodes of bits, which misjudge more rows: a sweep over ef and how many of the nodes found are scored
    /// again.</summary>
    public static DenseRun RunBits(DenseVectors vectors, string folder, HnswNodes nodes) => RunGraph(
        $"ours: graph, {nodes}", vectors, folder, nodes, [4, 10, 25, 60]);

    private static DenseRun RunGraph(string name, DenseVectors vectors, string folder, HnswNodes nodes, int[] rescoreFactors)
    {
        string path = Path.Combine(folder, "ours.graph");
        DenseOptions options = vectors.Options;
        HnswOptions graphOptions = new()
        {
            M = options.M,
            EfConstruction = options.EfConstruction,
            Queries = vectors.TextSample,
            Nodes = nodes,
        };
        double seconds = Build(path, file => HnswBuilder.Build(
            Read(vectors), options.Count, options.Dimension, graphOptions, file, CancellationToken.None));
        using HnswGraph graph = HnswGraph.Open(path);
        List<DenseSetting> sweep = [];
        foreach (int ef in (int[])[20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 1500, 2500, 4000])
        {
            foreach (int factor in rescoreFactors.Where(factor => factor == rescoreFactors[0] || factor * options.Top <= ef))
            {
                int count = factor * options.Top;
                string setting = rescoreFactors.Length == 1 ? $"ef {ef}" : $"ef {ef}, {count} rows";
                sweep.Add(new DenseSetting(
                    setting, rescoreFactors.Length == 1 ? ef : 0, (query, found) => graph.Search(query, count, ef, [], found)));
            }
        }

        return Sweep(name, vectors, GetBytes(vectors, path), seconds, sweep);
    }

    private static RowReader Read(DenseVectors vectors) => (row, destination) => vectors.GetRow(row).CopyTo(destination);

    private static double Build(string path, Action<Stream> build)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        build(file);
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double GetBytes(DenseVectors vectors, string path) =>
        new FileInfo(path).Length + ((double)vectors.Rows.Length * sizeof(float));

    /// <summary>Searches with each setting, up to the recall that is compared.</summary>
    public static DenseRun Sweep(
        string name, DenseVectors vectors, double bytes, double buildSeconds, IReadOnlyList<DenseSetting> sweep)
    {
        List<DensePoint>[] points = [[], []];
        ScoredId[] found = new ScoredId[MostRescored * vectors.Options.Top];
        for (int kind = 0; kind < points.Length; kind++)
        {
            // Code is compiled fully only once it has run for a while.
            TimeSpan warmUpEnd = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(1);
            while (Environment.CpuUsage.TotalTime < warmUpEnd)
            {
                Pass(vectors, kind, sweep[sweep.Count / 2].Search, found);
            }

            Thread.Sleep(300);

            foreach ((string setting, int ef, DenseSearch find) in sweep)
            {
                if (ef > 0 && points[kind].Count > 0 && points[kind][^1].Recall > DenseRun.EnoughRecall)
                {
                    break;
                }

                double best = double.PositiveInfinity;
                double total = 0;
                double recall = 0;
                for (int round = 0; round < 3 && total < DenseRun.EnoughSeconds; round++)
                {
                    TimeSpan start = Environment.CpuUsage.TotalTime;
                    recall = Pass(vectors, kind, find, found);
                    double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
                    best = Math.Min(best, seconds);
                    total += seconds;
                }

                points[kind].Add(new DensePoint(setting, recall, vectors.Options.QueryCount / best, ef));
            }
        }

        return new DenseRun(name, buildSeconds, bytes, points);
    }

    private static double Pass(DenseVectors vectors, int kind, DenseSearch find, ScoredId[] found)
    {
        int top = vectors.Options.Top;
        long right = 0;
        for (int query = 0; query < vectors.Options.QueryCount; query++)
        {
            ReadOnlySpan<float> values = vectors.GetQuery(kind, query);
            int count = find(values, found);
            for (int i = 0; i < count; i++)
            {
                found[i] = new ScoredId(found[i].Id, TensorPrimitives.Dot(values, vectors.GetRow(found[i].Id)));
            }

            found.AsSpan(0, count).Sort();
            ReadOnlySpan<int> expected = vectors.Truth[kind].AsSpan(query * top, top);
            foreach (ScoredId row in found.AsSpan(0, Math.Min(top, count)))
            {
                right += expected.Contains(row.Id) ? 1 : 0;
            }
        }

        return (double)right / (vectors.Options.QueryCount * top);
    }
}
