using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Measuring;

/// <summary>Tries tiers on the entries of a space, finds the budget each needs, and verifies it on other queries.</summary>
internal sealed class Tuner(SegmentSet set, TuneRequest request, IProgress<string>? progress, CancellationToken cancellationToken)
{
    /// <summary>Rows in memory at most, in values: 512 MiB; a million rows of d = 128 say enough.</summary>
    private const long MaxValues = 1L << 27;

    private const int MadeQueryCount = 200;

    /// <summary>Of fewer entries ten hits are a large share: what is measured then says nothing of larger collections.</summary>
    private const int MinEntryCount = 100;

    private const int SampleCount = 1000;

    /// <summary>Candidates are tried in these multiples of the hits wanted.</summary>
    private static readonly int[] BudgetFactors = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000];

    /// <summary>What was near the front of bytes and time wherever it was measured; AutomaticTiers adds what the space would get.</summary>
    private static readonly string[] MultiRowTiers = ["codeset:4096", "bits:1", "bits:2", "bits:4", "average:4/bits:2"];

    private static readonly string[] OneRowTiers = ["bits:1", "bits:2", "bits:4", "ivf"];

    public TuneReport Run()
    {
        request.Check();
        Space space = set.GetSpace(request.Space);
        foreach (string tier in request.Tiers)
        {
            TierKind.Check(tier, space.Dimension);
        }

        progress?.Report("reading entries");
        if (set.CountEntries(space.Name) is < MinEntryCount and long count)
        {
            throw new TooFewEntriesException(space.Name, count, MinEntryCount);
        }

        SampledRows rows = SampledRows.Read(set, space, request.EntryLimit, MaxValues, cancellationToken);
        (IReadOnlyList<MultiVector> tuning, IReadOnlyList<MultiVector> heldOut) = SplitQueries(space);
        progress?.Report("finding the exact answers");
        List<MultiVector> all = [.. tuning, .. heldOut];
        ExactRanking exact = ExactRanking.Compute(rows, space.RowFormat, all, request.Top, cancellationToken);

        double scale = (double)rows.TotalEntryCount / rows.EntryCount;
        double exactMs = exact.MsPerEntry * rows.TotalEntryCount;
        List<TierMeasurement> measured = [];
        IReadOnlyList<string> wanted = request.Tiers.Count > 0 ? request.Tiers : DefaultTiers(rows, space);
        foreach (string tier in wanted)
        {
            progress?.Report($"measuring {tier}");
            measured.Add(Measure(tier, rows, tuning, heldOut, exact, scale));
        }

        IReadOnlyList<TierMeasurement> marked = MarkPareto(measured, exactMs, rows.EntryCount, scale);
        (string? recommended, string reason) = Recommend(marked, exactMs, rows.EntryCount, scale);
        return new TuneReport
        {
            Space = space.Name,
            EntryCount = rows.TotalEntryCount,
            SampledEntryCount = rows.EntryCount,
            TuningQueryCount = tuning.Count,
            HeldOutQueryCount = heldOut.Count,
            QueriesFrom = request.Queries.Count > 0 ? "the given queries" : "stored rows with noise",
            Recall = request.Recall,
            Top = request.Top,
            ExactBytesPerEntry = rows.StoredBytesPerEntry,
            ExactMs = exactMs,
            Tiers = marked,
            Recommended = recommended,
            Reason = reason,
        };
    }

    private (IReadOnlyList<MultiVector> Tuning, IReadOnlyList<MultiVector> HeldOut) SplitQueries(Space space)
    {
        if (request.Queries.FirstOrDefault(query => query.Dimension != space.Dimension) is { } wrong)
        {
            throw new DimensionMismatchException(space.Name, space.Dimension, wrong.Dimension);
        }

        List<MultiVector> queries = request.Queries.Count > 0
            ? [.. request.Queries.Where(query => query.RowCount > 0)]
            : QueryMaker.Make(set, space, MadeQueryCount);
        if (queries.Count < 20)
        {
            throw new ArgumentException($"{queries.Count} queries were given; tuning needs at least 20, half of them to verify.");
        }

        MultiVector[] shuffled = [.. queries];
        new Random(request.Seed).Shuffle(shuffled);
        return (shuffled[..(shuffled.Length / 2)], shuffled[(shuffled.Length / 2)..]);
    }

    // What the space would get by itself is always among them.
    private string[] DefaultTiers(SampledRows rows, Space space) =>
        [.. (rows.RowCount == rows.EntryCount ? OneRowTiers : MultiRowTiers).Union(AutomaticTiers.GetSpecs(set, space))];

    private TierMeasurement Measure(
        string tier, SampledRows rows, IReadOnlyList<MultiVector> tuning, IReadOnlyList<MultiVector> heldOut, ExactRanking exact,
            double scale)
    {
        using TierTrial trial = TierTrial.Create(tier);
        int[] budgets = [.. BudgetFactors.Select(factor => factor * request.Top).Where(budget => budget < rows.EntryCount)];
        List<int[]> tuningRanks;
        List<int[]> heldOutRanks;
        try
        {
            trial.Build(tier, rows, tuning, request.Seed, cancellationToken);
            tuningRanks = trial.Rank(tuning, [.. exact.Tops.Take(tuning.Count)], budgets, cancellationToken);
            heldOutRanks = trial.Rank(heldOut, [.. exact.Tops.Skip(tuning.Count)], budgets, cancellationToken);
        }
        catch (ArgumentException problem)
        {
            // One tier that does not suit the space says why in its line; the others are measured.
            return new TierMeasurement(tier, 0, 0, 0, 0, 0, 0, 0, 0, IsParetoOptimal: false, ErrorText.Get(problem));
        }

        int budget = FindBudget(tuningRanks, rows.EntryCount);
        double[] recalls = [.. heldOutRanks.Select(ranks => RecallAt(ranks, budget))];
        ConfidenceInterval interval = ConfidenceInterval.OfShares(recalls, SampleCount, request.Seed);
        int scaledBudget = (int)Math.Min(rows.TotalEntryCount, Math.Ceiling(budget * scale));
        return new TierMeasurement(
            tier,
            trial.BytesPerEntry,
            trial.TrainSeconds,
            trial.BuildMsPerEntry,
            scaledBudget,
            (trial.GetMsPerEntry(budget) * rows.TotalEntryCount) + (scaledBudget * exact.MsPerEntry),
            interval.Mean,
            interval.Low,
            interval.High,
            IsParetoOptimal: false);
    }

    // The lower end of the interval has to reach the recall: half of all budgets chosen by the mean would fall short of it. Where
    // every query has the same recall there is nothing to resample; the held-out queries then tell how far that can be trusted.
    private int FindBudget(List<int[]> ranks, int entryCount)
    {
        foreach (int factor in BudgetFactors)
        {
            int budget = factor * request.Top;
            if (budget >= entryCount)
            {
                break;
            }

            double[] recalls = [.. ranks.Select(query => RecallAt(query, budget))];
            bool isConstant = recalls.All(recall => recall == recalls[0]);
            double low = isConstant ? recalls[0] : ConfidenceInterval.OfMean(recalls, SampleCount, request.Seed).Low;
            if (low >= request.Recall)
            {
                return budget;
            }
        }

        return entryCount;
    }

    private static double RecallAt(int[] ranks, int budget) => ranks.Count(rank => rank < budget) / (double)Math.Max(1, ranks.Length);

    // An exact search needs no bytes besides the rows, so a tier that is no faster is never worth any.
    private static IReadOnlyList<TierMeasurement> MarkPareto(List<TierMeasurement> measured, double exactMs, int sampledCount, double scale)
    {
        List<TierMeasurement> usable = [.. measured.Where(tier => IsUsable(tier, sampledCount, scale) && tier.Milliseconds < exactMs)];
        return
        [
            .. measured
                .Select(tier => tier with
                {
                    IsParetoOptimal = usable.Contains(tier) && !usable.Any(other => other.BytesPerEntry <= tier.BytesPerEntry
                        && other.Milliseconds <= tier.Milliseconds
                            && (other.BytesPerEntry < tier.BytesPerEntry || other.Milliseconds < tier.Milliseconds)),
                })
                .OrderBy(tier => tier.Problem is null ? 0 : 1).ThenBy(tier => tier.Milliseconds),
        ];
    }

    private static bool IsUsable(TierMeasurement tier, int sampledCount, double scale) =>
        tier.Problem is null && tier.Budget < sampledCount * scale;

    private (string? Tier, string Reason) Recommend(IReadOnlyList<TierMeasurement> tiers, double exactMs, int sampledCount, double scale)
    {
        TierMeasurement? best = tiers
            .Where(tier => IsUsable(tier, sampledCount, scale) && tier.Recall >= request.Recall)
            .MinBy(tier => tier.Milliseconds);
        if (best is null)
        {
            return (null, $"No tier reached recall@{request.Top} {request.Recall:0.###} with fewer candidates than all entries.");
        }

        return best.Milliseconds < exactMs / 2
            ? (best.Tier,
                $"{best.Tier} is the fastest that kept recall@{request.Top} {request.Recall:0.###}: {exactMs / best.Milliseconds:0.0} times faster than exact.")
            : (null, $"The exact scan takes {exactMs:0.0} ms on one thread; the fastest tier, {best.Tier}, is less than twice as fast.");
    }
}
