using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Benchmarks.Dense;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is one query of 20 rows for the ten best of many pages of 1,030 rows, on one core: candidates by some method, then exact
/// MaxSim of all rows of so many of them. Methods are graphs over the rows of all pages, over their centroids in place of them (as
/// HPC-ColPali has it), each of all rows and of 40 % of them, and flat scans of codes.
/// </summary>
/// <remarks>
/// A graph finds ef rows for each query row; pages are ranked by the sum over query rows of the best row found, or of the worst one found
/// where a page has none. hnswlib has a node per row, equal ones too; ours has one for all that are equal, so that of 256 centroids nothing
/// is left to walk, and it is not asked. Pages are pruned by the distance of rows to the page's mean, as there is no attention.
/// Source of the claim: HPC-ColPali, arXiv:2506.21601.
/// </remarks>
internal static class PageGraphBenchmark
{
    private const double WantedRecall = 0.95;
    private const string Pruning = "saliency:40%,by=distance";

    // Of all graphs; the paper names neither.
    private const int LinkCount = 16;
    private const int EfConstruction = 100;
    private const int ComparedEf = 64;

    private static readonly int[] Efs = [16, 32, ComparedEf, 128, 256, 512, 1024];

    private static readonly int[] Budgets = [10, 20, 50];

    private static readonly string[] Codecs = ["codes:256", "codeset:256", "bits:1"];

    /// <summary>Prints one line per method.</summary>
    public static int Run(int pageCount, int queryCount)
    {
        Console.WriteLine(Machine.Describe());
        PageGraphSamples samples = new(pageCount, queryCount);
        Console.WriteLine(
            $"{pageCount:n0} pages x {PageGraphSamples.RowCount:n0} rows x {PageGraphSamples.Dimension}, {queryCount} queries of {PageGraphSamples.QueryRowCount} rows, "
            + $"recall@{PageGraphSamples.Top}, one thread, processor time; exact MaxSim of all pages {GetRerankMs(samples, pageCount):f2} ms");
        Console.WriteLine(
            $"{"candidates",-34}{"rows",10}{"build s",9}{$"ms, ef {ComparedEf}",11}{"recall",8}   at recall {WantedRecall}: ms, how");
        string folder = Directory.CreateTempSubdirectory("mvr-page-graph-").FullName;
        try
        {
            PageGraphSamples.Write(Path.Combine(folder, "queries.fvecs"), [.. samples.Queries.SelectMany(query => query.Values.ToArray())]);
            foreach (string reduction in new[] { "none", Pruning })
            {
                string kept = reduction == "none" ? "all rows" : "40 % of rows";
                foreach (bool isDecoded in new[] { false, true })
                {
                    (float[] rows, int[] pages) = samples.GetRows(reduction, isDecoded);
                    RunPeer($"hnswlib, {(isDecoded ? "centroids" : "float32")}, {kept}", samples, rows, pages, folder);
                    if (!isDecoded)
                    {
                        RunGraph($"our graph, int8, {kept}", samples, rows, pages);
                    }
                }
            }

            foreach (string codec in Codecs)
            {
                RunCodes(codec, samples);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RunPeer(string name, PageGraphSamples samples, float[] rows, int[] pages, string folder)
    {
        try
        {
            string rowsPath = Path.Combine(folder, "rows.fvecs");
            string outPath = Path.Combine(folder, "found");
            PageGraphSamples.Write(rowsPath, rows);
            string[] arguments =
                [$"{LinkCount}", $"{EfConstruction}", rowsPath, Path.Combine(folder, "queries.fvecs"), outPath,
                    .. Efs.Select(ef => ef.ToString(CultureInfo.InvariantCulture))];
            PeerLine[] lines =
            [
                .. DensePeers.Start(DensePeers.Compile("page_graph", folder), folder, arguments)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonSerializer.Deserialize<PeerLine>(line, JsonSerializerOptions.Web)!),
            ];
            using FileStream found = File.OpenRead(outPath);
            Print(name, samples, pages, lines[0].BuildSeconds, ef =>
            {
                ScoredId[][] perQueryRow = new ScoredId[samples.Queries.Length * PageGraphSamples.QueryRowCount][];
                byte[] bytes = new byte[ef * (sizeof(int) + sizeof(float))];
                for (int i = 0; i < perQueryRow.Length; i++)
                {
                    found.ReadExactly(bytes);
                    ReadOnlySpan<int> ids = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, ef * sizeof(int)));
                    ReadOnlySpan<float> distances = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(ef * sizeof(int)));
                    List<ScoredId> list = [];
                    for (int j = 0; j < ef && ids[j] >= 0; j++)
                    {
                        // Of unit vectors.
                        list.Add(new ScoredId(ids[j], 1 - (distances[j] / 2)));
                    }

                    perQueryRow[i] = [.. list];
                }

                return (perQueryRow, 1000 * lines.First(line => line.Ef == ef).Seconds / samples.Queries.Length);
            });
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"{name} cannot run here: {exception.Message}");
        }
    }

    private static void RunGraph(string name, PageGraphSamples samples, float[] rows, int[] pages)
    {
        using MemoryStream stream = new();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        HnswBuilder.Build(
            (row, target) => rows.AsSpan(row * PageGraphSamples.Dimension, PageGraphSamples.Dimension).CopyTo(target),
            pages.Length,
            PageGraphSamples.Dimension,
            new HnswOptions { M = LinkCount, EfConstruction = EfConstruction, Threads = Environment.ProcessorCount },
            stream,
            CancellationToken.None);
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        using HnswGraph graph = HnswGraph.Open(stream.ToArray());
        Print(name, samples, pages, seconds, ef =>
        {
            ScoredId[][] perQueryRow =
                [.. Enumerable.Range(0, samples.Queries.Length * PageGraphSamples.QueryRowCount).Select(_ => new ScoredId[ef])];
            int[] counts = new int[perQueryRow.Length];
            double best = double.PositiveInfinity;
            for (int round = 0; round < 3; round++)
            {
                TimeSpan begin = Environment.CpuUsage.TotalTime;
                for (int i = 0; i < perQueryRow.Length; i++)
                {
                    ReadOnlySpan<float> row = samples.Queries[i / PageGraphSamples.QueryRowCount].Row(i % PageGraphSamples.QueryRowCount);
                    counts[i] = graph.Search(row, ef, ef, [], perQueryRow[i]);
                }

                best = Math.Min(best, (Environment.CpuUsage.TotalTime - begin).TotalMilliseconds);
            }

            return ([.. perQueryRow.Zip(counts).Select(pair => pair.First[..pair.Second])], best / samples.Queries.Length);
        });
    }

    private static void RunCodes(string spec, PageGraphSamples samples)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);
        TrainingSample sample = new() { Dimension = PageGraphSamples.Dimension, Rows = samples.Rows, Threads = Environment.ProcessorCount };
        TimeSpan start = Environment.CpuUsage.TotalTime;
        EntryCodec codec = Numerics.Quantization.Codecs.FindFamily(parsed).Train(parsed, sample, CancellationToken.None);
        int[] offsets = [.. Enumerable.Range(0, samples.PageCount + 1).Select(page => page * PageGraphSamples.RowCount)];
        byte[] chunk = codec.Encode(new EntryRows(PageGraphSamples.Dimension, samples.Rows, offsets));
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        float[] scores = new float[samples.PageCount];
        int[][][] candidates = new int[samples.Queries.Length][][];
        double best = double.PositiveInfinity;
        for (int round = 0; round < 5; round++)
        {
            TimeSpan begin = Environment.CpuUsage.TotalTime;
            for (int query = 0; query < candidates.Length; query++)
            {
                codec.CreateScorer(samples.Queries[query].View).Score(chunk, scores);
                TopK top = new(Budgets[^1]);
                for (int page = 0; page < scores.Length; page++)
                {
                    top.Add(page, scores[page]);
                }

                int[] ranked = [.. top.ToSortedArray().Select(page => page.Id)];
                candidates[query] = [.. Budgets.Select(budget => ranked[..Math.Min(budget, ranked.Length)])];
            }

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - begin).TotalMilliseconds);
        }

        (double Ms, string How)? fastest = null;
        for (int step = 0; step < Budgets.Length && Budgets[step] < samples.PageCount; step++)
        {
            (double ms, double recall) = Rerank(samples, [.. candidates.Select(lists => lists[step])]);
            if (recall >= WantedRecall)
            {
                fastest = ((best / samples.Queries.Length) + ms, $"{Budgets[step]} pages");
                break;
            }
        }

        Print($"flat scan, {spec}", samples.PageCount * PageGraphSamples.RowCount, seconds, null, fastest);
    }

    // Of each ef the pages found, ranked, and of the fastest that reaches the recall the time of all of it.
    private static void Print(string name, PageGraphSamples samples, int[] pages, double buildSeconds, Func<int,
        (ScoredId[][] Rows, double Ms)> search)
    {
        (double Ms, double Recall)? compared = null;
        (double Ms, string How)? fastest = null;
        foreach (int ef in Efs)
        {
            (ScoredId[][] rows, double graphMs) = search(ef);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            int[][] ranked =
                [.. Enumerable.Range(0, samples.Queries.Length).Select(query => RankPages(rows, query, pages, samples.PageCount))];
            double ms = graphMs + ((Environment.CpuUsage.TotalTime - start).TotalMilliseconds / samples.Queries.Length);
            foreach (int budget in Budgets.Where(budget => budget < samples.PageCount))
            {
                (double rerankMs, double recall) = Rerank(samples, [.. ranked.Select(list => list[..Math.Min(budget, list.Length)])]);
                if (ef == ComparedEf && budget == Budgets[1])
                {
                    compared = (ms + rerankMs, recall);
                }

                if (recall >= WantedRecall && ms + rerankMs < (fastest?.Ms ?? double.PositiveInfinity))
                {
                    fastest = (ms + rerankMs, $"ef {ef}, {budget} pages");
                }
            }
        }

        Print(name, pages.Length, buildSeconds, compared, fastest);
    }

    private static void Print(string name, int rowCount, double buildSeconds, (double Ms, double Recall)? compared,
        (double Ms, string How)? fastest) => Console.WriteLine(
        $"{name,-34}{rowCount,10:n0}{buildSeconds,9:n1}{(compared is { } known ? $"{known.Ms,11:f2}{known.Recall,8:f3}" : $"{"-",11}{"-",8}")}   "
        + (fastest is { } point ? $"{point.Ms:f2}, {point.How}" : "not reached"));

    private static int[] RankPages(ScoredId[][] perQueryRow, int query, int[] pages, int pageCount)
    {
        double[] scores = new double[pageCount];
        int[] stamps = new int[pageCount];
        for (int i = 0; i < PageGraphSamples.QueryRowCount; i++)
        {
            ScoredId[] rows = perQueryRow[(query * PageGraphSamples.QueryRowCount) + i];
            foreach (ScoredId row in rows)
            {
                int page = pages[row.Id];
                if (stamps[page] < i + 1)
                {
                    stamps[page] = i + 1;
                    scores[page] += row.Score - rows[^1].Score;
                }
            }
        }

        TopK best = new(Budgets[^1]);
        for (int page = 0; page < pageCount; page++)
        {
            if (stamps[page] > 0)
            {
                best.Add(page, scores[page]);
            }
        }

        return [.. best.ToSortedArray().Select(page => page.Id)];
    }

    private static (double Ms, double Recall) Rerank(PageGraphSamples samples, int[][] candidates)
    {
        int[][] found = new int[candidates.Length][];
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int query = 0; query < candidates.Length; query++)
        {
            found[query] = samples.Rerank(query, candidates[query]);
        }

        return ((Environment.CpuUsage.TotalTime - start).TotalMilliseconds / candidates.Length, samples.GetRecall(found));
    }

    private static double GetRerankMs(PageGraphSamples samples, int pageCount)
    {
        int[] all = [.. Enumerable.Range(0, pageCount)];
        return Rerank(samples, [.. samples.Queries.Select(_ => all)]).Ms;
    }

    private sealed record PeerLine(double BuildSeconds, int Ef, double Seconds);
}
