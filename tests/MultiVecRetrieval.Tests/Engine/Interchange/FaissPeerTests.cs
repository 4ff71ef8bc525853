using System.Diagnostics;
using System.Text.Json;
using MultiVecRetrieval.Interchange;

namespace MultiVecRetrieval.Tests.Engine.Interchange;

/// <summary>FAISS itself reads what we write (Debian: python3-faiss); skipped where it is not installed.</summary>
public class FaissPeerTests
{
    // Prints what FAISS finds: the queries are the second file, raw float32 or bytes.
    private const string Script = """
        import json, sys
        import faiss, numpy as np
        path, queries, k, ef = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        if path.endswith(".binary"):
            index = faiss.read_index_binary(path)
            data = np.fromfile(queries, dtype="uint8").reshape(-1, index.d // 8)
        else:
            index = faiss.read_index(path)
            data = np.fromfile(queries, dtype="float32").reshape(-1, index.d)
            if hasattr(index, "hnsw"):
                index.hnsw.efSearch = ef
        distances, ids = index.search(data, k)
        json.dump({"kind": type(index).__name__, "count": index.ntotal, "metric": index.metric_type, "ids": ids.tolist(), "distances": distances.tolist()}, sys.stdout)
        """;

    [Theory]
    [InlineData(FaissMetric.InnerProduct)]
    [InlineData(FaissMetric.SquaredDistance)]
    public void Write_FlatIndex_FaissFindsTheSameNeighbours(FaissMetric metric)
    {
        FaissFlatIndex index = new(metric, 20, FaissSamples.CreateRows(seed: 1, 500, 20));
        float[] queries = FaissSamples.CreateRows(seed: 2, 20, 20);

        JsonElement found = Search(index, ".faiss", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(queries).ToArray());

        Assert.Equal(("IndexFlat", 500), (found.GetProperty("kind").GetString(), found.GetProperty("count").GetInt32()));
        Assert.Equal((int)metric, found.GetProperty("metric").GetInt32());
        for (int i = 0; i < 20; i++)
        {
            float[] query = queries[(i * 20)..((i + 1) * 20)];
            int[] expected =
                [.. Enumerable.Range(0, 500).OrderByDescending(id => query.Zip(index[id].ToArray(), (x, y) => (double)x * y).Sum())
                .Take(10)];
            Assert.Equal(expected, found.GetProperty("ids")[i].Deserialize<int[]>()!);
        }
    }

    [Theory]
    [InlineData(FaissMetric.InnerProduct)]
    [InlineData(FaissMetric.SquaredDistance)]
    public void Write_HnswIndex_FaissWalksItAsWeDo(FaissMetric metric)
    {
        (_, FaissHnswIndex index) = FaissSamples.CreateHnsw(metric, count: 2_000, dimension: 24, equalCount: 3);
        float[] queries = FaissSamples.CreateRows(seed: 2, 50, 24);

        JsonElement found = Search(index, ".faiss", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(queries).ToArray());

        Assert.Equal(("IndexHNSWFlat", 2_000), (found.GetProperty("kind").GetString(), found.GetProperty("count").GetInt32()));
        int common = 0;
        for (int i = 0; i < 50; i++)
        {
            FaissMatch[] ours = index.Search(queries.AsSpan(i * 24, 24), k: 10, ef: 64);
            common += ours.Select(pair => pair.Index).Intersect(found.GetProperty("ids")[i].Deserialize<int[]>()!).Count();
        }

        // Both walks are the same but for ties and the last bits of distances, which may turn one aside.
        Assert.InRange(common / 500.0, 0.99, 1);
    }

    [Fact]
    public void Write_BinaryIndex_FaissFindsTheSameDistances()
    {
        Random random = new(Seed: 3);
        byte[] codes = new byte[400 * 6];
        byte[] queries = new byte[20 * 6];
        random.NextBytes(codes);
        random.NextBytes(queries);

        JsonElement found = Search(new FaissBinaryIndex(48, codes), ".binary", queries);

        Assert.Equal(400, found.GetProperty("count").GetInt32());
        for (int i = 0; i < 20; i++)
        {
            int[] distances =
                [.. Enumerable.Range(0, 400)
                .Select(id => Enumerable.Range(0, 6).Sum(k => int.PopCount(codes[(id * 6) + k] ^ queries[(i * 6) + k])))];
            Assert.Equal(distances.Order().Take(10), found.GetProperty("distances")[i].Deserialize<int[]>()!);
        }
    }

    private static JsonElement Search(FaissIndex index, string extension, byte[] queries)
    {
        using TemporaryFolder folder = new();
        string indexPath = folder.PathOf("index" + extension);
        string queryPath = folder.PathOf("queries");
        string scriptPath = folder.PathOf("search.py");
        index.Write(indexPath);
        File.WriteAllBytes(queryPath, queries);
        File.WriteAllText(scriptPath, Script);
        (int code, string output, string error) = Run(scriptPath, indexPath, queryPath, "10", "64");
        Assert.SkipWhen(code != 0 && error.Contains("ModuleNotFoundError", StringComparison.Ordinal),
            "FAISS for /usr/bin/python3 is not installed (apt: python3-faiss).");
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python), $"{python} is not installed.");
        ProcessStartInfo start = new(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
