using System.Globalization;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks.Growth;

/// <summary>
/// What a collection of pages takes as it grows: to build, to store and to search for the ten best, with its files in memory and with none
/// of them. Queries are about pages that lie apart; recall is against the exact search of the same collection.
/// </summary>
internal static class GrowthBenchmark
{
    private const int MeasuringQueryCount = 240;
    private const int ColdQueryCount = 7;

    private static readonly string[] DefaultTiers = ["codeset:16384", "average:4/bits:2", "bits:2", "tokens:16384"];
    private static readonly double[] Recalls = [0.95, 0.99];

    /// <summary>Prints a table per size, then all sizes beside each other.</summary>
    public static int Run(string[] arguments)
    {
        if (GrowthOptions.Parse(arguments) is not { } options)
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        Console.WriteLine(
            $"pages x {options.PageRowCount} rows x 128 as int8, {options.QueryCount} queries of {options.QueryRowCount} rows, the ten best");
        List<GrowthSize> sizes = [];
        foreach (int pageCount in options.PageCounts.Order())
        {
            string folder = options.Folder is { } kept
                ? Directory.CreateDirectory(Path.Combine(kept, pageCount.ToString(CultureInfo.InvariantCulture))).FullName
                : Directory.CreateTempSubdirectory("multivec-growth-").FullName;
            try
            {
                TiersOptions wanted = new()
                {
                    PageCount = pageCount,
                    PageRowCount = options.PageRowCount,
                    QueryCount = options.QueryCount,
                    QueryRowCount = options.QueryRowCount,
                };
                TiersOptions fitting = Collection.Exists(folder) ? wanted : wanted.Fit(folder);
                if (fitting.PageCount < pageCount)
                {
                    Console.WriteLine($"memory and disk hold {fitting.PageCount:n0} of {pageCount:n0} pages; that size is left out");
                    continue;
                }

                sizes.Add(RunSize(wanted, options.Tiers.Count > 0 ? [.. options.Tiers] : DefaultTiers, folder));
            }
            finally
            {
                if (options.Folder is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        }

        PrintGrowth(sizes);
        if (options.Plot is { } file)
        {
            File.WriteAllBytes(file, GrowthPlot.Draw(sizes));
        }

        return 0;
    }

    private static GrowthSize RunSize(TiersOptions options, string[] tiers, string folder)
    {
        CollectionOptions collectionOptions = TiersCollection.GetOptions(options) with { WriteBufferInBytes = 1L << 30 };
        TiersSamples samples = TiersSamples.Create(options);
        MultiVector[] queries = TiersCollection.GetQueries(samples, options, first: 0, options.QueryCount);
        double ingestSeconds = 0;
        double buildSeconds;
        double peak;
        CollectionStatistics statistics;
        List<(string Way, SearchEffort Effort)> ways = [("exact", SearchEffort.Exact)];
        using (MemoryPeak memory = new())
        using (Collection collection = Open(folder, collectionOptions))
        {
            if (collection.GetStatistics().EntryCount == 0)
            {
                ingestSeconds = TiersRun.TimeSeconds(() => TiersCollection.Ingest(collection, samples, options));
            }

            collection.Tiers.SetQueries(
                TiersCollection.SpaceName, TiersCollection.GetQueries(samples, options, options.QueryCount, MeasuringQueryCount));
            collection.Tiers.Set(TiersCollection.SpaceName, tiers);
            buildSeconds = TiersRun.TimeSeconds(() => collection.Upkeep.Run());
            statistics = collection.GetStatistics();
            peak = memory.Megabytes;
            foreach (TierStatistics tier in collection.Tiers.Get(TiersCollection.SpaceName))
            {
                if (tier.Problem is { } problem)
                {
                    Console.WriteLine($"{tier.Spec}: {problem}");
                    continue;
                }

                BudgetRecall? step = tier.Calibration!.Budgets.Where(step => step.Top == options.Top)
                    .FirstOrDefault(step => step.LowerBound >= Recalls[0]);
                ways.Add((tier.Spec, SearchEffort.Through(new SearchStage(tier.Spec, step?.Budget))));
            }

            ways.AddRange(Recalls.Select(recall =>
                (string.Create(CultureInfo.InvariantCulture, $"planned, recall {recall}"), SearchEffort.AtRecall(recall))));
        }

        List<GrowthTime> times = Measure(folder, collectionOptions, queries, options, ways);
        GrowthSize size = new()
        {
            PageCount = options.PageCount,
            IngestSeconds = ingestSeconds,
            BuildSeconds = buildSeconds,
            RowBytes = (double)statistics.Spaces[0].SizeInBytes / options.PageCount,
            TierBytes = statistics.Spaces[0].Tiers.ToDictionary(tier => tier.Spec, tier => (double)tier.SizeInBytes / options.PageCount),
            CatalogBytes = (double)new FileInfo(Path.Combine(folder, "catalog.db")).Length / options.PageCount,
            PeakMegabytes = peak,
            Times = times,
        };
        Print(size);
        return size;
    }

    private static List<GrowthTime> Measure(
        string folder, CollectionOptions collectionOptions, MultiVector[] queries, TiersOptions options,
        List<(string Way, SearchEffort Effort)> ways)
    {
        List<double> cold = [.. ways.Select(way => MeasureCold(folder, collectionOptions, queries, options, way.Effort))];
        using Collection collection = Open(folder, collectionOptions);
        List<GrowthTime> times = [];
        TiersRun? exact = null;
        for (int i = 0; i < ways.Count; i++)
        {
            TiersRun run = TiersRun.Measure(collection, queries, options, query => query with { Effort = ways[i].Effort });
            exact ??= run;
            SearchPlan plan = run.Results[^1].Plans[0];
            times.Add(new GrowthTime(ways[i].Way, run.MedianMs, run.WorstMs, run.ProcessorMs, cold[i], run.GetRecall(exact),
                string.Join(" > ", plan.Stages.Zip(plan.Budgets, (stage, budget) => $"{stage} {budget:n0}"))));
        }

        return times;
    }

    // A collection is opened for each, so that neither the system nor the collection has anything of it.
    private static double MeasureCold(
        string folder, CollectionOptions collectionOptions, MultiVector[] queries, TiersOptions options, SearchEffort effort)
    {
        double[] milliseconds =
        [
            .. queries.Take(ColdQueryCount).Select(query =>
            {
                PageCache.Drop(folder);
                using Collection collection = Open(folder, collectionOptions);
                SearchRequest request = TiersCollection.GetRequest(query, options) with { Effort = effort };
                return 1000 * TiersRun.TimeSeconds(() => collection.Search(request));
            }),
        ];
        return milliseconds.Order().ElementAt(milliseconds.Length / 2);
    }

    private static Collection Open(string folder, CollectionOptions options) => Collection.Exists(folder)
        ? Collection.Open(folder, writable: true, options)
        : Collection.Create(folder, options);

    private static void Print(GrowthSize size)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"{size.PageCount:n0} pages: stored in {size.IngestSeconds:n0} s, tiers in {size.BuildSeconds:n0} s; bytes a page: rows {size.RowBytes:n0}, "
            + string.Join(", ", size.TierBytes.Select(tier => $"{tier.Key} {tier.Value:n0}")) + $", catalog {size.CatalogBytes:n0}; "
            + $"at most {size.PeakMegabytes:n0} MB of memory");
        Console.WriteLine($"{"searched by",-22}{"warm ms",9}{"worst",9}{"CPU ms",9}{"cold ms",9}{"recall",8}  candidates");
        foreach (GrowthTime time in size.Times)
        {
            Console.WriteLine(
                $"{time.Way,-22}{time.WarmMs,9:n1}{time.WorstMs,9:n1}{time.ProcessorMs,9:n1}{time.ColdMs,9:n0}{time.Recall,8:f3}  {time.Stages}");
        }
    }

    // How processor time grows from each size to the next: time ~ pages^x.
    private static void PrintGrowth(List<GrowthSize> sizes)
    {
        Console.WriteLine();
        Console.WriteLine("exponent x of processor time ~ pages^x, from each size to the next");
        foreach (string way in sizes.SelectMany(size => size.Times).Select(time => time.Way).Distinct())
        {
            IEnumerable<string> exponents = sizes.Zip(sizes.Skip(1), (small, large) =>
            {
                double from = small.Times.FirstOrDefault(time => time.Way == way)?.ProcessorMs ?? double.NaN;
                double to = large.Times.FirstOrDefault(time => time.Way == way)?.ProcessorMs ?? double.NaN;
                return $"{Math.Log(to / from) / Math.Log((double)large.PageCount / small.PageCount),8:f2}";
            });
            Console.WriteLine($"{way,-22}{string.Concat(exponents)}");
        }
    }
}
