using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is a whole search for the ten best of many pages, or pictures, through <see cref="Collection.Search"/>, all cores:
/// exactly, then by each tier with the budget that the collection's own measurement chose for the recall asked for, then as the planner
/// wants it, which may be one tier behind another. Recall is against exact.
/// </summary>
internal static class TiersBenchmark
{
    private const string SpaceName = TiersCollection.SpaceName;

    private static readonly string[] DefaultPictureTiers = ["bits:2", "ivf", "hnsw:16"];

    /// <summary>Prints one line per tier.</summary>
    public static int Run(string[] arguments)
    {
        if (TiersOptions.Parse(arguments) is not { } options)
        {
            return 2;
        }

        string folder = options.Folder is { } kept
            ? Directory.CreateDirectory(kept).FullName
            : Directory.CreateTempSubdirectory("multivec-tiers-").FullName;
        try
        {
            TiersOptions fitting = Collection.Exists(folder) ? options : options.Fit(folder);
            if (fitting.PageCount < options.PageCount)
            {
                Console.WriteLine($"memory and disk hold {fitting.PageCount:n0} of the {options.PageCount:n0} pages");
            }

            Run(fitting, folder);
            return 0;
        }
        finally
        {
            if (options.Folder is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static void Run(TiersOptions options, string folder)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine(
            $"{options.PageCount:n0} {(options.ArePictures ? "pictures" : "pages")} x {options.PageRowCount:n0} rows x {options.Dimension} as "
            + $"{(options.ArePictures ? "float32" : "int8")}, "
            + $"{options.QueryCount} queries of {options.QueryRowCount} rows, top {options.Top}, recall {options.Recall} asked for");
        CollectionOptions collectionOptions = TiersCollection.GetOptions(options);
        bool isKept = Collection.Exists(folder);
        using Collection collection = isKept
            ? Collection.Open(folder, writable: true, collectionOptions)
            : Collection.Create(folder, collectionOptions);
        TiersSamples samples = TiersSamples.Create(options);
        double ingestSeconds = isKept ? 0 : TiersRun.TimeSeconds(() => TiersCollection.Ingest(collection, samples, options));
        if (collection.GetStatistics().EntryCount != options.PageCount)
        {
            throw new ArgumentException(
                $"{folder} has {collection.GetStatistics().EntryCount:n0} entries, {options.PageCount:n0} were asked for.", nameof(folder));
        }

        double rowBytes = (double)collection.GetStatistics().Spaces[0].SizeInBytes / options.PageCount;
        Console.WriteLine($"ingest {ingestSeconds:n0} s, {rowBytes:n0} bytes of rows a page");

        MultiVector[] queries = TiersCollection.GetQueries(samples, options, first: 0, options.QueryCount);
        TiersRun exact = TiersRun.Measure(collection, queries, options, query => query with { Effort = SearchEffort.Exact });

        // Queries of the same kind, about other pages: half train, half measure.
        collection.Tiers.SetQueries(SpaceName, TiersCollection.GetQueries(samples, options, options.QueryCount, 240));
        string[] specs = [.. options.Tiers.Count > 0 || !options.ArePictures ? options.Tiers : DefaultPictureTiers];
        double buildSeconds = 0;
        if (!options.ArePictures)
        {
            // Pages take long to be scored exactly, and tiers that are built together are measured together.
            if (specs.Length > 0)
            {
                collection.Tiers.Set(SpaceName, specs);
            }
            else
            {
                collection.Tiers.SetAutomatic(SpaceName);
            }

            buildSeconds = TiersRun.TimeSeconds(() => collection.Upkeep.Run());
            Console.WriteLine(
                $"tiers {(specs.Length > 0 ? "as asked for" : "that it got by itself")}, trained, encoded and measured in {buildSeconds:n0} s");
            specs = [.. collection.Tiers.Get(SpaceName).Select(tier => tier.Spec)];
        }

        Console.WriteLine(
            $"{"tier",-24}{"bytes/page",12}{"build s",9}{"budget",8}{"promised",10}{"recall",8}{"median ms",11}{"worst ms",10}{"CPU ms",9}{"speed-up",10}");
        Print("exact", rowBytes, 0, exact, exact);
        for (int i = 0; i < specs.Length; i++)
        {
            string spec = specs[i];
            if (options.ArePictures)
            {
                collection.Tiers.Set(SpaceName, specs[..(i + 1)]);
                buildSeconds = TiersRun.TimeSeconds(() => collection.Upkeep.Run());
            }

            TierStatistics tier = collection.Tiers.Get(SpaceName).Single(tier => tier.Spec == spec);
            if (tier.Problem is not null)
            {
                Console.WriteLine($"{tier.Spec,-24} {tier.Problem}");
                continue;
            }

            BudgetRecall? step = tier.Calibration!.Budgets.Where(step => step.Top == options.Top)
                .FirstOrDefault(step => step.LowerBound >= options.Recall)
                ?? tier.Calibration.Budgets.LastOrDefault(step => step.Top == options.Top && step.Budget < options.PageCount);
            TiersRun run = TiersRun.Measure(collection, queries, options, query => query with
            {
                Effort = SearchEffort.Through(new SearchStage(tier.Spec, step?.Budget)),
            });
            Print(tier.Spec, tier.BytesPerEntry, buildSeconds, run, exact);
        }

        // The first searches tell the planner how fast codes and candidates are scored.
        TiersRun planned = TiersRun.Measure(
            collection, queries, options, query => query with { Effort = SearchEffort.AtRecall(options.Recall) });
        SearchPlan plan = planned.Results[^1].Plans[0];
        Print("planned", collection.Tiers.Get(SpaceName).Where(tier => plan.Stages.Contains(tier.Spec)).Sum(tier => tier.BytesPerEntry), 0,
            planned, exact);
        Console.WriteLine(
            $"planned: {string.Join(" > ", plan.Stages)}, candidates {string.Join(" > ", plan.Budgets.Select(budget => $"{budget:n0}"))}. {plan.Reason}");
        Console.WriteLine("its stages, median ms: " + string.Join(", ", ListStages(planned)));
        Console.WriteLine($"build s has training and measuring in it{(options.ArePictures ? "" : ", and is that of all tiers together")}.");

        // Of what the search of the space took and of the whole request.
        static IEnumerable<string> ListStages(TiersRun run) => run.Results[^1].TimingsMs.Keys.Select(stage =>
            $"{stage[(stage.IndexOf('/', StringComparison.Ordinal) + 1)..]} {run.Results.Select(result => result.TimingsMs.GetValueOrDefault(stage)).Order().ElementAt(run.Results.Length / 2):f2}");
    }

    private static void Print(string name, double bytes, double buildSeconds, TiersRun run, TiersRun exact) => Console.WriteLine(
        $"{name,-24}{bytes,12:n0}{buildSeconds,9:n0}{run.Results[^1].Plans[0].Budget,8:n0}{run.Results[^1].Plans[0].RecallLowerBound,10:f3}{run.GetRecall(exact),8:f3}"
        + $"{run.MedianMs,11:f2}{run.WorstMs,10:f1}{run.ProcessorMs,9:f2}{exact.MedianMs / run.MedianMs,9:f1}x");

}
