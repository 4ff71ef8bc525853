using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is a whole search, from query rows to the ten best pages, through <see cref="Collection.Search"/>, all cores; beside
/// LanceDB's exact (flat) search of the same vectors in its own process, read from one file that is written once.
/// </summary>
internal static class SearchBenchmark
{
    private const string SpaceName = "pages";

    private static readonly SpaceId SampleSpace = new("benchmark-samples-1");

    /// <summary>Prints one line per engine; 1 when the float32 collection and the peer disagree on the best pages.</summary>
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
                .Select(i => samples.GetQuery(i, (int)((long)i * options.PageCount / options.QueryCount), options.QueryRowCount, options.PageRowCount)),
        ];
        string file = Path.Combine(folder, "vectors.f32");
        WriteVectors(file, pages, queries);

        List<SearchRun> runs =
            [.. options.Formats.Select(format => RunCollection(options, format, Path.Combine(folder, format.ToString()), pages, queries, tier: null))];
        runs.AddRange(options.Tiers.Select((tier, i) => RunCollection(options, RowFormat.Int8, Path.Combine(folder, $"tier{i}"), pages, queries, tier)));
        SearchRun? flat = null;
        if (options.HasPeer)
        {
            pages = [];
            IReadOnlyList<SearchRun> peers = LanceDbPeer.Run(options, file, Path.Combine(folder, "lancedb"));
            flat = peers[0];
            runs.AddRange(peers);
        }

        Print(runs);
        return flat is not null && runs[0].CountEqual(flat) < options.QueryCount ? 1 : 0;
    }

    private static SearchRun RunCollection(
        SearchOptions options, RowFormat format, string folder, MultiVector[] pages, MultiVector[] queries, string? tier)
    {
        long start = Stopwatch.GetTimestamp();
        Space space = new() { Name = SpaceName, Id = SampleSpace, Dimension = options.Dimension, RowFormat = format };
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [space], MergeSegmentCount = 0, BuildTiersInBackground = false });
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
            collection.SetTiers(SpaceName, [tier]);
            collection.Maintain();
        }

        double ingestSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // One round that is not timed reads the files into memory and lets the JIT finish; the peer, compiled ahead, has one search.
        int? budget = tier is null ? null : FindBudget(collection, options);
        Array.ForEach(queries, query => Search(collection, query, options.Top, tier, budget));
        string name = $"Collection {format}";
        double[] latencies = new double[queries.Length];
        int[][] hits = new int[queries.Length][];
        for (int i = 0; i < queries.Length; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            SearchResult result = Search(collection, queries[i], options.Top, tier, budget);
            name = tier is null ? name : $"{tier}, C = {result.Plans[0].Budget}";
            latencies[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            hits[i] = [.. result.Hits.Select(hit => int.Parse(hit.Entry.Key, CultureInfo.InvariantCulture))];
        }

        return new SearchRun(name, ingestSeconds, latencies, hits);
    }

    // The budget that the collection's own measurement chose for the recall asked for; null, exactly, when none keeps it.
    private static int? FindBudget(Collection collection, SearchOptions options) => collection.GetTiers(SpaceName)[0].Calibration?.Budgets
        .FirstOrDefault(step => step.Top >= options.Top && step.LowerBound >= options.Recall)?.Budget;

    private static SearchResult Search(Collection collection, MultiVector query, int top, string? tier, int? budget) =>
        collection.Search(new SearchRequest
        {
            Vectors = [new VectorQuery { Space = SpaceName, SpaceId = SampleSpace, Rows = query, Tier = budget is null ? null : tier, Budget = budget }],
            Top = top,
            Exact = budget is null,
        });

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

    private static void Print(List<SearchRun> runs)
    {
        Console.WriteLine();
        Console.WriteLine($"{"engine",-28}{"ingest s",10}{"median ms",12}{"best ms",10}{"worst ms",10}{"recall",9}{"equal",8}");
        foreach (SearchRun run in runs)
        {
            Console.WriteLine(
                $"{run.Name,-28}{run.IngestSeconds,10:f1}{run.MedianMs,12:f1}{run.LatenciesMs.Min(),10:f1}{run.LatenciesMs.Max(),10:f1}"
                + $"{run.GetRecall(runs[0]),9:f3}{run.CountEqual(runs[0]),5}/{run.Hits.Length}");
        }

        Console.WriteLine("recall and equal (same hits, same order) are against the first line.");
    }
}
