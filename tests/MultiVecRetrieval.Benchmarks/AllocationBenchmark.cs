using System.Text.Json;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>One operation of each kernel, in bytes allocated, against the budgets in allocations.json.</summary>
internal static class AllocationBenchmark
{
    private const int OperationCount = 100;

    /// <summary>Prints a line per operation; 1 when one allocates more than its budget.</summary>
    public static int Run()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "allocations.json");
        Dictionary<string, long> budgets = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(path))!;
        bool isWithin = true;
        foreach ((string name, Action operation) in Operations())
        {
            long bytes = Measure(operation);
            isWithin &= bytes <= budgets[name];
            Console.WriteLine($"{name,-20}{bytes,8} bytes per operation, budget {budgets[name]}");
        }

        return isWithin ? 0 : 1;
    }

    private static List<(string Name, Action Operation)> Operations()
    {
        Random random = new(Seed: 1);
        MultiVector query = new(128, [.. Enumerable.Range(0, 20 * 128).Select(_ => random.NextSingle() - 0.5f)]);
        MultiVector page = new(128, [.. Enumerable.Range(0, 70 * 128).Select(_ => random.NextSingle() - 0.5f)]);
        List<(MaxSimScorer Scorer, byte[] Packed)> formats = [];
        foreach (RowFormat format in Enum.GetValues<RowFormat>())
        {
            byte[] packed = new byte[PackedRows.GetSizeInBytes(format, page.RowCount, page.Dimension)];
            PackedRows.Pack(format, page.View, packed);
            formats.Add((new MaxSimScorer(query.View, format), packed));
        }

        float[] similarities = new float[query.RowCount];
        int[] rows = new int[query.RowCount];
        ulong[] code = new ulong[16];
        (HnswGraph graph, IvfIndex lists, float[] vector) = BuildIndexes(random);
        ScoredId[] found = new ScoredId[10];
        TopK top = new(capacity: 10);
        for (int id = 0; id < 10; id++)
        {
            top.Add(id, id);
        }

        return
        [
            ("maxSimScore", () => formats.ForEach(x => x.Scorer.Score(x.Packed, page.RowCount))),
            ("maxSimExplain", () => formats.ForEach(x => x.Scorer.Explain(x.Packed, page.RowCount, similarities, rows))),
            ("hnswSearch", () => graph.Search(vector, 10, 40, [], found)),
            ("ivfSearch", () => lists.Search(vector, 10, 5, 40, [], found)),
            ("topKAddWhenFull", () => top.Add(id: 11, score: 5)),
        ];
    }

    private static (HnswGraph Graph, IvfIndex Lists, float[] Query) BuildIndexes(Random random)
    {
        const int RowCount = 1000;
        const int Dimension = 64;
        float[] rows = [.. Enumerable.Range(0, RowCount * Dimension).Select(_ => random.NextSingle() - 0.5f)];
        void Read(int row, Span<float> target) => rows.AsSpan(row * Dimension, Dimension).CopyTo(target);
        using MemoryStream graph = new();
        using MemoryStream lists = new();
        HnswBuilder.Build(Read, RowCount, Dimension, new HnswOptions(), graph, CancellationToken.None);
        IvfBuilder.Build(Read, RowCount, Dimension, new IvfOptions(), lists, CancellationToken.None);
        return (HnswGraph.Open(graph.ToArray()), IvfIndex.Open(lists.ToArray()), rows[..Dimension]);
    }

    private static long Measure(Action operation)
    {
        operation();
        operation();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < OperationCount; i++)
        {
            operation();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / OperationCount;
    }
}
