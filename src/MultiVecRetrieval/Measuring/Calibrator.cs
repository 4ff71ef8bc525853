using System.Buffers;
using System.Diagnostics;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Measuring;

/// <summary>Measures how many of the exact best entries a tier ranks among its first candidates, on queries that it was not trained
/// with.</summary>
internal sealed class Calibrator(CollectionStore store, Snapshot snapshot)
{
    /// <summary>Enough for a lower bound above .99, when nothing is missed.</summary>
    private const int MaxQueryCount = 300;

    /// <summary>Enough for a lower bound above .95, when nothing is missed; measured however long it takes.</summary>
    private const int MinQueryCount = 60;

    /// <summary>A look rather than a measurement: enough to notice that a tenth of the hits is missed.</summary>
    private const int SampleQueryCount = 20;

    /// <summary>Fewer queries than this that a user gave say less than made ones.</summary>
    private const int MinGivenCount = 20;

    /// <summary>Shares of entries that bounds leave differ little between queries.</summary>
    private const int ProofQueryCount = 30;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    private static readonly int[] Tops = [10, 100, 1000];

    /// <summary>Measures tiers of one space; one result per tier.</summary>
    public IReadOnlyList<TierCalibration> Measure(
        IReadOnlyList<LiveTier> tiers, IProgress<MaintenanceProgress>? progress, CancellationToken cancellationToken)
    {
        Space space = snapshot.Set.GetSpace(tiers[0].Record.SpaceName);
        using EntryLayout layout = new(snapshot.Set, space.Name, filter: null, excluded: null);
        (List<MultiVector> queries, bool isGiven) = GetQueries(space);

        List<int[]>[] ranks = [.. tiers.Select(_ => new List<int[]>())];
        double[] nanoseconds = new double[tiers.Count];
        ProofMeasurement?[] proofs =
            [.. tiers.Select(tier => tier.Method.HasUpperBounds
            ? new ProofMeasurement(layout, tier, [.. GetTops(layout)], store.BuildThreads)
            : null)];
        double workCount = 0;
        int done = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (MultiVector query in queries.Take(MaxQueryCount))
        {
            if (done >= MinQueryCount && Stopwatch.GetElapsedTime(start) > TimeLimit)
            {
                break;
            }

            QueryScorers scorers = new(query);
            ExactTop exact = FindExact(layout, scorers, Tops[^1], cancellationToken);
            for (int i = 0; i < tiers.Count; i++)
            {
                ranks[i].Add(GetRanks(layout, scorers, tiers[i], exact, ref nanoseconds[i], cancellationToken));
            }

            if (done < ProofQueryCount)
            {
                Array.ForEach(proofs, proof => proof?.Add(scorers, exact.Best, cancellationToken));
            }

            workCount += (double)layout.Count * query.RowCount;
            done++;
            progress?.Report(new MaintenanceProgress(
                MaintenanceStep.Calibrate, space.Name, string.Join(", ", tiers.Select(tier => tier.Record.Spec)), done,
                    Math.Min(MaxQueryCount, queries.Count)));
        }

        return
        [
            .. tiers.Select((_, i) => new TierCalibration
            {
                EntryCount = layout.WantedCount,
                QueryCount = done,
                MeasuredAt = DateTimeOffset.UtcNow,
                Queries = isGiven ? "given" : "made",
                QueryRowCount = queries.Take(done).Select(query => (double)query.RowCount).DefaultIfEmpty(0).Average(),
                NanosecondsPerEntryAndQueryRow = workCount == 0 || !tiers[i].Method.ScoresEntries ? 0 : nanoseconds[i] / workCount,
                NanosecondsPerCandidateAndQueryRow = done == 0 || tiers[i].Method.ScoresEntries ? 0 : nanoseconds[i] / done,
                Proof = proofs[i]?.GetResult(),
                Budgets = [.. GetTops(layout).SelectMany(top => new RecallTable([ranks[i]], top, layout.WantedCount).GetSteps())],
                Cascades = !tiers[i].Method.ScoresEntries ? [] : [.. ListBefore(i).Select(first => Combine(first, i))],
            }),
        ];

        // Behind an index, or behind codes that are scanned in half of the time: otherwise the tier alone is the better plan.
        IEnumerable<int> FindFaster(int tier) => Enumerable.Range(0, tiers.Count)
            .Where(first => first != tier && (!tiers[first].Method.ScoresEntries || nanoseconds[first] * 2 <= nanoseconds[tier]));

        // One tier, or two, before a tier.
        IEnumerable<int[]> ListBefore(int tier) => FindFaster(tier).SelectMany(second => FindFaster(second)
            .Where(_ => tiers[second].Method.ScoresEntries).Select(first => new[] { first, second }).Prepend([second]));

        TierCascade Combine(int[] before, int last) => new(
            [.. before.Select(tier => tiers[tier].Record.Id)],
            [.. before.Select(tier => tiers[tier].Record.Spec)],
            [.. GetTops(layout)
                .SelectMany(top => new RecallTable([.. before.Select(tier => ranks[tier]), ranks[last]], top, layout.WantedCount)
                .GetSmallestBudgets())]);
    }

    /// <summary>The mean share of the exact best entries that each tier finds within its budget, on a few queries.</summary>
    public (int QueryCount, double[] Recalls) Sample(IReadOnlyList<LiveTier> tiers, int[] budgets, int top,
        CancellationToken cancellationToken)
    {
        Space space = snapshot.Set.GetSpace(tiers[0].Record.SpaceName);
        using EntryLayout layout = new(snapshot.Set, space.Name, filter: null, excluded: null);
        List<MultiVector> all = GetQueries(space).Queries;
        int count = Math.Min(all.Count, SampleQueryCount);
        double[] recalls = new double[tiers.Count];
        for (int i = 0; i < count; i++)
        {
            QueryScorers scorers = new(all[(int)((long)i * all.Count / count)]);
            ExactTop exact = FindExact(layout, scorers, top, cancellationToken);
            double unused = 0;
            for (int j = 0; j < tiers.Count; j++)
            {
                int[] ranks = GetRanks(layout, scorers, tiers[j], exact, ref unused, cancellationToken);
                recalls[j] += ranks.Count(rank => rank < budgets[j]) / (double)Math.Max(1, ranks.Length);
            }
        }

        return (count, [.. recalls.Select(sum => sum / Math.Max(1, count))]);
    }

    private (List<MultiVector> Queries, bool IsGiven) GetQueries(Space space)
    {
        List<MultiVector> given =
            [.. snapshot.Read(connection => TierTable.GetQueries(connection, space)).Where((_, i) => !RowSampler.IsForTraining(i))];
        return given.Count >= MinGivenCount ? (given, true) : (QueryMaker.Make(snapshot.Set, space, MaxQueryCount), false);
    }

    private static IEnumerable<int> GetTops(EntryLayout layout) => Tops.Where(top => top <= layout.WantedCount || top == Tops[0]);

    private ExactTop FindExact(EntryLayout layout, QueryScorers scorers, int top, CancellationToken cancellationToken)
    {
        using EntryScan exact = new(layout, scorers, tier: null);
        exact.Run(bounds: false, store.BuildThreads, cancellationToken);
        TopK collected = new(Math.Min(top, layout.WantedCount));
        exact.Offer(collected, exact: true);
        ScoredId[] best = collected.ToSortedArray();
        List<ScoredId> candidates = [];
        exact.Collect(exact: true, best.Length == 0 ? double.PositiveInfinity : best[^1].Score, candidates);
        return new ExactTop(best, candidates);
    }

    private int[] GetRanks(
        EntryLayout layout, QueryScorers scorers, LiveTier tier, ExactTop exact, ref double nanoseconds,
        CancellationToken cancellationToken) => tier.Method.ScoresEntries
        ? Rank(layout, scorers, tier, exact, ref nanoseconds, cancellationToken)
        : Find(layout, scorers, tier, exact, ref nanoseconds, cancellationToken);

    // For each of the exact best entries, best first, how many entries the codes rank strictly above it.
    private int[] Rank(
        EntryLayout layout, QueryScorers scorers, LiveTier tier, ExactTop exact, ref double nanoseconds,
            CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using EntryScan coded = new(layout, scorers, tier);
        coded.Run(bounds: false, store.BuildThreads, cancellationToken);
        nanoseconds += Stopwatch.GetElapsedTime(start).TotalNanoseconds * store.BuildThreads;

        float[] scores = ArrayPool<float>.Shared.Rent(layout.Count + 1);
        int count = 0;
        for (int position = 0; position < layout.Count; position++)
        {
            if (layout.IsWanted(position))
            {
                scores[count++] = coded[position];
            }
        }

        Array.Sort(scores, 0, count);
        CodeRanks order = new(scores.AsMemory(0, count));
        int[] ranks = exact.Rank(position => order.CountAbove(coded[position]));
        ArrayPool<float>.Shared.Return(scores);
        return ranks;
    }

    /// <summary>Budgets of an index that are measured, every second step.</summary>
    internal static int[] GetIndexBudgets(int limit) =>
    [
        .. Enumerable.InfiniteSequence(0, 2).Select(RecallTable.GetBudget).TakeWhile(budget => budget <= limit)
            .Select(budget => (int)budget),
    ];

    // For each of the exact best entries the smallest budget, less one, with which the index finds it among so many candidates.
    private static int[] Find(
        EntryLayout layout, QueryScorers scorers, LiveTier tier, ExactTop exact, ref double nanoseconds,
            CancellationToken cancellationToken)
    {
        double work = 0;
        long start = Stopwatch.GetTimestamp();
        int[] ranks = exact.Rank(GetIndexBudgets(((IndexMethod)tier.Method).GetMaxBudget(layout.Count)), budget =>
        {
            using EntryScan scan = new(layout, scorers, tier, budget);
            scan.Run(bounds: false, threads: 1, cancellationToken);
            TopK top = new(budget);
            scan.Offer(top, exact: false);
            work += (double)budget * scorers.Query.RowCount * Math.Max(1, layout.Segments.Length);
            return top.ToSortedArray().Select(candidate => candidate.Id);
        });

        nanoseconds += work == 0 ? 0 : Stopwatch.GetElapsedTime(start).TotalNanoseconds / work;
        return ranks;
    }
}
