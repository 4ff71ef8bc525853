using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>
/// One operation is one query for the 10 nearest of many picture vectors, on one thread: picture queries, and text queries that lie
/// around another mean. Every engine sweeps its search parameter; the table has its rate at two recalls.
/// </summary>
internal static class DenseBenchmark
{
    public static readonly string[] EngineNames =
    [
        "lists", "graph", "graph-bits", "graph-bit", "graph-hamming",
        "hnswlib", "usearch-f32", "usearch-i8", "faiss-hnsw", "faiss-ivf", "faiss-ivf-fine",
        "zvec-hnsw-rabitq", "zvec-ivf-rabitq", "sqlite-vec",
    ];

    private static readonly double[] Recalls = [0.95, 0.99];

    private static readonly int[] ComparedEfs = [40, 80, 160, 320, 640];

    /// <summary>Prints a table, and the sweep behind it.</summary>
    public static int Run(string[] arguments)
    {
        if (DenseOptions.Parse(arguments) is not { } options)
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        string folder = Directory.CreateTempSubdirectory("mvr-dense-").FullName;
        try
        {
            DenseVectors vectors = new(options);
            vectors.Write(folder);
            Console.WriteLine(
                $"{options.Count:n0} pictures x {options.Dimension}, {options.QueryCount} queries of each kind, recall@{options.Top}, one thread, "
                + $"processor time; graphs with M = {options.M}, efConstruction = {options.EfConstruction}");
            Console.WriteLine($"{"engine",-30}{"build s",9}{"B/row",8}{Column(0, 0)}{Column(0, 1)}{Column(1, 0)}{Column(1, 1)}");
            List<DenseRun> runs = [];
            foreach (string engine in options.Engines.Count > 0 ? options.Engines : EngineNames)
            {
                if (RunEngine(engine, vectors, folder) is { } run)
                {
                    runs.Add(run);
                    Print(run, options.Count);
                }
            }

            PrintBuilds(runs);
            PrintSweeps(runs);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DenseRun? RunEngine(string engine, DenseVectors vectors, string folder) => engine switch
    {
        "lists" => DenseEngines.RunLists(vectors, folder),
        "graph" => DenseEngines.RunGraph(vectors, folder),
        "graph-bits" => DenseEngines.RunBits(vectors, folder, HnswNodes.TwoPlanes),
        "graph-bit" => DenseEngines.RunBits(vectors, folder, HnswNodes.OnePlane),
        "graph-hamming" => DenseEngines.RunBits(vectors, folder, HnswNodes.Signs),
        "usearch-f32" or "usearch-i8" => USearchPeer.Run(engine, vectors, folder),
        "sqlite-vec" => SqliteVecPeer.Run(vectors, folder),
        _ => DensePeers.Run(engine, vectors, folder),
    };

    private static string Column(int kind, int recall) => $"{$"{DenseVectors.Kinds[kind]} q/s at {Recalls[recall]}",22}";

    private static void Print(DenseRun run, int count)
    {
        string rates = string.Concat(
            from kind in Enumerable.Range(0, DenseVectors.Kinds.Length)
            from recall in Recalls
            select $"{(run.GetRate(kind, recall) is { } rate ? $"{rate:n0}" : "not reached"),22}");
        Console.WriteLine($"{run.Engine,-30}{run.BuildSeconds,9:n1}{run.Bytes / count,8:n0}{rates}");
    }

    // Engines are only comparable by the time they build where a walk of the same length then finds as much.
    private static void PrintBuilds(List<DenseRun> runs)
    {
        if (runs.Find(run => run.Engine == "hnswlib") is not { } peer)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine(
            "graphs: processor time of building beside hnswlib's, and recall of walks that keep as many candidates (picture, text queries)");
        Console.WriteLine($"{"engine",-30}{"build s",9}{"of peer",9}{string.Concat(ComparedEfs.Select(ef => $"{$"ef {ef}",16}"))}");
        foreach (DenseRun run in runs.Where(run => run.Points[0].Exists(point => point.Ef > 0)))
        {
            string recalls =
                string.Concat(ComparedEfs.Select(ef => $"{$"{Show(run.GetRecallAtEf(0, ef))} {Show(run.GetRecallAtEf(1, ef))}",16}"));
            Console.WriteLine($"{run.Engine,-30}{run.BuildSeconds,9:n1}{run.BuildSeconds / peer.BuildSeconds,8:f2}x{recalls}");
        }
    }

    private static string Show(double? recall) => recall is { } known ? $"{known:f3}" : "-";

    private static void PrintSweeps(List<DenseRun> runs)
    {
        foreach (DenseRun run in runs)
        {
            for (int kind = 0; kind < DenseVectors.Kinds.Length; kind++)
            {
                Console.WriteLine();
                Console.WriteLine($"{run.Engine}, {DenseVectors.Kinds[kind]} queries: setting, recall, queries/s");
                foreach (DensePoint point in run.Points[kind])
                {
                    Console.WriteLine($"  {point.Setting,-24}{point.Recall,8:f4}{point.QueriesPerSecond,10:n0}");
                }
            }
        }
    }
}
