using System.Diagnostics;
using System.Globalization;
using System.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>
/// Searches the pages of the compression suite through a collection: exactly, by the tiers that it gets by itself, with code sets besides,
/// and by <c>bits:2</c> alone, each as the planner wants it. Says what was promised and what was found, for budgets measured with made
/// queries and with queries that a user gave.
/// </summary>
internal sealed class TierSuite(CompressionOptions options, Action<string> log)
{
    private const string SpaceName = "pages";
    private const int Top = 10;

    private static readonly double[] Recalls = [0.9, 0.95, 0.99];

    private static readonly SpaceId Id = new("tier-suite-1");

    /// <summary>Runs everything and returns the table.</summary>
    public string Run(CancellationToken cancellationToken)
    {
        Workload workload = PageWorkload.Load(options, log, cancellationToken);
        StringBuilder table = new();
        table.AppendLine(Machine.Describe()).AppendLine().AppendLine(workload.Origin).AppendLine();
        table.AppendLine("| budgets by | tiers | bytes/page | recall asked | plan | candidates | promised | found | median ms | CPU ms |");
        table.AppendLine("|---|---|---:|---:|---|---|---:|---|---:|---:|");
        foreach (bool isGiven in new[] { false, true })
        {
            Measure(workload, isGiven, table, cancellationToken);
        }

        return table.ToString();
    }

    private void Measure(Workload workload, bool isGiven, StringBuilder table, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("multivec-tier-suite-").FullName;
        try
        {
            Space space = new() { Name = SpaceName, Id = Id, Dimension = workload.Dimension };
            using Collection collection =
                Collection.Create(folder,
                new CollectionOptions { Spaces = [space], BuildTiersInBackground = false, LatencyTarget = TimeSpan.FromMilliseconds(1) });
            Fill(collection, workload);
            Searches exact = Search(collection, workload, recall: null, cancellationToken);
            string origin = isGiven ? "given queries" : "made queries";
            Add(table, origin, "none", (double)collection.GetStatistics().Spaces[0].SizeInBytes / workload.Entries.Count, "", exact, exact);
            if (isGiven)
            {
                collection.Tiers.SetQueries(SpaceName, [.. workload.Tuning.Select(query => query.Rows)]);
            }

            // Codes that are there already stay from one to the next.
            collection.Tiers.SetAutomatic(SpaceName);
            MeasureTiers(collection, workload, origin, exact, table, cancellationToken);
            foreach (string[] specs in new string[][] { ["codeset:16384", "bits:2"], ["bits:2"] })
            {
                collection.Tiers.Set(SpaceName, specs);
                MeasureTiers(collection, workload, origin, exact, table, cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void MeasureTiers(Collection collection, Workload workload, string origin, Searches exact, StringBuilder table,
        CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        collection.Upkeep.Run(cancellationToken: cancellationToken);
        IReadOnlyList<TierStatistics> tiers = collection.Tiers.Get(SpaceName);
        string names = string.Join(", ", tiers.Select(tier => tier.Spec));
        log(string.Create(CultureInfo.InvariantCulture,
            $"{origin}: {names}: trained, encoded and measured in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"));
        foreach (double recall in Recalls)
        {
            Searches run = Search(collection, workload, recall, cancellationToken);
            Add(table, origin, names, tiers.Sum(tier => tier.BytesPerEntry), recall.ToString("0.##", CultureInfo.InvariantCulture), run,
                exact);
        }
    }

    private static void Fill(Collection collection, Workload workload)
    {
        using CollectionWriter writer = collection.BeginWrite();
        for (int i = 0; i < workload.Entries.Count; i++)
        {
            string key = i.ToString(CultureInfo.InvariantCulture);
            writer.BeginDocument(
                new Document { Key = key, MediaType = MediaType.Page, ContentType = "application/pdf", ContentHash = key });
            writer.Add(new EntryContent
            {
                Entry = new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Page, Page = 1 },
                Vectors = new Dictionary<string, MultiVector> { [SpaceName] = workload.Entries[i] },
            });
        }

        writer.Commit();
    }

    // The held-out queries, the first of them twice: what they read into memory and what they tell the planner is left out.
    private static Searches Search(Collection collection, Workload workload, double? recall, CancellationToken cancellationToken)
    {
        SearchRequest[] requests =
        [
            .. workload.HeldOut.Select(query => new SearchRequest
            {
                Vectors = [new VectorQuery { Space = SpaceName, SpaceId = Id, Rows = query.Rows }],
                Top = Top,
                Effort = recall is { } share ? SearchEffort.AtRecall(share) : SearchEffort.Exact,
            }),
        ];
        foreach (SearchRequest request in requests.Take(50))
        {
            collection.Search(request, cancellationToken);
        }

        double[] milliseconds = new double[requests.Length];
        SearchResult[] results = new SearchResult[requests.Length];
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < requests.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            results[i] = collection.Search(requests[i], cancellationToken);
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return new Searches(results, milliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / requests.Length);
    }

    // The plans that most of the queries had: speeds are learned on the way, and queries have one row or many.
    private void Add(StringBuilder table, string origin, string tiers, double bytes, string asked, Searches run, Searches exact)
    {
        IGrouping<string,
            SearchPlan> plans = run.Results.Select(result => result.Plans[0]).GroupBy(plan => string.Join(" > ", plan.Stages))
            .MaxBy(group => group.Count())!;
        SearchPlan plan = plans.Last();
        ConfidenceInterval found = ConfidenceInterval.OfMean([.. run.Results.Zip(exact.Results, GetRecall)]);
        string line = string.Create(CultureInfo.InvariantCulture,
            $"| {origin} | {tiers} | {bytes:n0} | {asked} | {plans.Key} ({plans.Count()} of {run.Results.Length}) | {string.Join(" > ", plan.Budgets.Select(budget => $"{budget:n0}"))} "
            + $"| {plan.RecallLowerBound:0.000} | {found} | {run.Milliseconds.Order().ElementAt(run.Milliseconds.Length / 2):0.00} | {run.ProcessorMs:0.00} |");
        log(line);
        table.AppendLine(line);
    }

    private static double GetRecall(SearchResult mine, SearchResult truth) =>
        truth.Hits.Count == 0
            ? 1
            : (double)mine.Hits.Select(hit => hit.Entry.Key).Intersect(truth.Hits.Select(hit => hit.Entry.Key)).Count() / truth.Hits.Count;

    private sealed record Searches(SearchResult[] Results, double[] Milliseconds, double ProcessorMs);
}
