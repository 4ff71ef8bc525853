using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is a whole search, from query rows to the ten best pages, through <see cref="Collection.Search"/>, all cores; beside
/// LanceDB's exact (flat) search of the same vectors in its own process, read from one file that is written once. The first line scores
/// every row; "default" is what a search does that asks for nothing, with the tiers that such a collection gets by itself.
/// </summary>
internal static class SearchBenchmark
{
    private const string SpaceName = "pages";

    // In place of a tier: those that the collection gets by itself, and no wish.
    private const string DefaultWay = "default";

    private static readonly SpaceId SampleSpace = new("benchmark-samples-1");

    /// <summary>Prints one line per engine; 1 when a full scan, the default search and the peer disagree on the best pages.</summary>
    public static int Run(string[] arguments)
    {
        if (SearchOptions.Parse(arguments) is not { } options)
        {
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("multivec-search-").FullName;
        try
        {
            return Run(options, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Run(SearchOptions options, string folder)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine(
            $"{options.PageCount:n0} pages x {options.PageRowCount:n0} rows x {options.Dimension}, "
            + $"{options.QueryCount} queries of {options.QueryRowCount} rows, top {options.Top}");
        PageVectors samples = new(seed: 1, options.Dimension);
        MultiVector[] pages =
            [.. Enumerable.Range(0, options.PageCount).AsParallel().AsOrdered().Select(i => samples.GetPage(i, options.PageRowCount))];
        MultiVector[] queries =
        [
            .. Enumerable.Range(0, options.QueryCount)
                .Select(i =>
                    samples.GetQuery(i, (int)((long)i * options.PageCount / options.QueryCount), options.QueryRowCount,
                    options.PageRowCount)),
        ];
        string file = Path.Combine(folder, "vectors.f32");
        WriteVectors(file, pages, queries);

        List<SearchRun> runs =
            [.. options.Formats.Select(
                format => RunCollection(options, format, Path.Combine(folder, format.ToString()), pages, queries, tier: null))];
        SearchRun byDefault = RunCollection(options, options.Formats[0], Path.Combine(folder, "default"), pages, queries, DefaultWay);
        runs.Insert(1, byDefault);
        runs.AddRange(
            options.Tiers.Select(
            (tier, i) => RunCollection(options, RowFormat.Int8, Path.Combine(folder, $"tier{i}"), pages, queries, tier)));
        SearchRun? flat = null;
        if (options.HasPeer)
        {
            pages = [];
            IReadOnlyList<SearchRun> peers = LanceDbPeer.Run(options, file, Path.Combine(folder, "lancedb"));
            flat = peers[0];
            runs.AddRange(peers);
        }

        Print(runs, flat?.MedianMs);
        Console.WriteLine(
            $"default: {byDefault.ExactCount} of {options.QueryCount} answers exact; others keep a recall, where the machine is so busy that a proof is expected to take too long.");
        return (byDefault.ExactCount == options.QueryCount && byDefault.CountEqual(runs[0]) < options.QueryCount)
            || (flat is not null && runs[0].CountEqual(flat) < options.QueryCount) ? 1 : 0;
    }

    private static SearchRun RunCollection(
        SearchOptions options, RowFormat format, string folder, MultiVector[] pages, MultiVector[] queries, string? tier)
    {
        long start = Stopwatch.GetTimestamp();
        Space space = new() { Name = SpaceName, Id = SampleSpace, Dimension = options.Dimension, RowFormat = format };
        Collection collection =
            Collection.Create(folder, new CollectionOptions { Spaces = [space], MergeSegmentCount = 0, BuildTiersInBackground = false });
        using (CollectionWriter writer = collection.BeginWrite())
        {
            for (int i = 0; i < pages.Length; i++)
            {
                AddPage(writer, i, pages[i]);
            }

            writer.Commit();
        }

        if (tier is not null)
        {
            if (tier != DefaultWay)
            {
                collection.Tiers.Set(SpaceName, [tier]);
            }

            collection.Upkeep.Run();
        }

        double ingestSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int? budget = tier is null or DefaultWay ? null : FindBudget(collection, options);
        SearchRequest[] requests = [.. queries.Select(query => GetRequest(query, options.Top, tier, budget))];
        collection.Dispose();

        // The first search opens the files and checks what it reads of the codes; the system still has them in memory.
        using Collection opened = Collection.Open(folder, writable: false);
        start = Stopwatch.GetTimestamp();
        opened.Search(requests[0]);
        double firstMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        // One round that is not timed lets the JIT finish; the peer, compiled ahead, has one search.
        Array.ForEach(requests, request => opened.Search(request));
        string name = $"Collection {format}";
        double[] latencies = new double[queries.Length];
        int[][] hits = new int[queries.Length][];
        double rescored = 0;
        int exactCount = 0;
        for (int i = 0; i < queries.Length; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            SearchResult result = opened.Search(requests[i]);
            latencies[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            SearchPlan plan = result.Plans[0];
            name = tier == DefaultWay
                ? $"default {format}: {(plan.IsProven ? $"proof by {plan.Stages[0]}" : string.Join(" > ", plan.Stages))}"
                : tier is null ? name : $"{tier}, C = {plan.Budget}";
            hits[i] = [.. result.Hits.Select(hit => int.Parse(hit.Entry.Key, CultureInfo.InvariantCulture))];
            rescored += (double)plan.ExactCount / options.PageCount / queries.Length;
            exactCount += result.IsExact ? 1 : 0;
        }

        return new SearchRun(name, ingestSeconds, latencies, hits) { FirstMs = firstMs, Rescored = rescored, ExactCount = exactCount };
    }

    // The budget that the collection's own measurement chose for the recall asked for; null, exactly, when none keeps it.
    private static int? FindBudget(Collection collection, SearchOptions options) => collection.Tiers.Get(SpaceName)[0].Calibration?.Budgets
        .FirstOrDefault(step => step.Top >= options.Top && step.LowerBound >= options.Recall)?.Budget;

    private static SearchRequest GetRequest(MultiVector query, int top, string? tier, int? budget) => new()
    {
        Vectors = [new VectorQuery { Space = SpaceName, SpaceId = SampleSpace, Rows = query }],
        Top = top,
        Effort = tier == DefaultWay ? SearchEffort.Default
            : budget is null ? SearchEffort.Exact
            : SearchEffort.Through(new SearchStage(tier!, budget)),
    };

    private static void AddPage(CollectionWriter writer, int index, MultiVector rows)
    {
        string key = index.ToString(CultureInfo.InvariantCulture);
        writer.BeginDocument(new Document
        {
            Key = key,
            MediaType = MediaType.Page,
            ContentType = "application/pdf",
            ContentHash = key,
        });
        writer.Add(new EntryContent
        {
            Entry = new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Page, Page = 1 },
            Vectors = new Dictionary<string, MultiVector> { [SpaceName] = rows },
        });
    }

    // Pages, then queries, row-major float32 without a header; the peer is told the counts.
    private static void WriteVectors(string file, MultiVector[] pages, MultiVector[] queries)
    {
        using FileStream stream = File.Create(file);
        foreach (MultiVector rows in pages.Concat(queries))
        {
            stream.Write(MemoryMarshal.AsBytes(rows.Values));
        }
    }

    private static void Print(List<SearchRun> runs, double? flatMs)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"{"engine",-32}{"ingest s",10}{"first ms",10}{"median ms",11}{"best ms",9}{"worst ms",10}{"by rows",9}{"recall",8}{"equal",8}{"LanceDB x",13}");
        foreach (SearchRun run in runs)
        {
            Console.WriteLine(
                $"{run.Name,-32}{run.IngestSeconds,10:f1}{run.FirstMs,10:f1}{run.MedianMs,11:f1}{run.LatenciesMs.Min(),9:f1}{run.LatenciesMs.Max(),10:f1}"
                + $"{run.Rescored,9:p1}{run.GetRecall(runs[0]),8:f3}{run.CountEqual(runs[0]),5}/{run.Hits.Length}{flatMs / run.MedianMs,13:f1}");
        }

        Console.WriteLine(
            "recall and equal (same hits, same order) are against the first line; by rows: entries whose rows were read; ingest with tiers and their measuring.");
    }
}
