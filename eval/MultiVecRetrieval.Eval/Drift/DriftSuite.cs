using System.Globalization;
using System.Text;
using MultiVecRetrieval.Eval.Compression;
using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Eval.Drift;

/// <summary>
/// What it costs to keep a codec whose collection has changed: the drift that a check would measure, beside the recall that the codec keeps
/// with its budget and the recall of one that is trained anew.
/// </summary>
internal sealed class DriftSuite(CompressionOptions options, int maxEntryCount, Action<string> log)
{
    private const int Top = 10;
    private const double Promise = 0.95;

    // Entries of one row are many times as cheap, and a codec needs some hundred rows.
    private const int OneRowFactor = 8;
    private const int TrainingRowCount = 20_000;
    private const int ErrorEntryCount = 128;
    private const int Seed = 1;

    private static readonly int[] Budgets = [10, 20, 30, 50, 75, 100, 150, 200, 300];
    private static readonly string[] PageCodecs = ["bits:2", "pq:16x8", "codes:256x256"];
    private static readonly string[] PictureCodecs = ["int8", "bits:2", "pq:32x8", "codes:256", "codes:256x256"];

    /// <summary>Runs all cases of all workloads; returns a table each.</summary>
    public string Run(CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        foreach (Func<Workload?> load in new Func<Workload?>[]
        {
            () => PictureWorkload.Load(options, log, cancellationToken),
            () => PageWorkload.Load(options, log, cancellationToken),
        })
        {
            if (load() is not { } workload)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture,
                $"**{char.ToUpperInvariant(workload.Name[0])}{workload.Name[1..]}.** {workload.Origin}.\n\n");
            text.Append("| added | codec | error | drift | candidates | recall kept | trained anew | lost |\n|---|---|---|---|---|---|---|---|\n");
            foreach (DriftCase added in DriftCase.ListAll(workload, workload.Entries.All(entry => entry.RowCount == 1)
                ? OneRowFactor * maxEntryCount
                : maxEntryCount))
            {
                log($"{workload.Name}: {added.Name}: {added.First.Count} entries, then {added.Added.Count}; {added.FirstQueries.Count} and {added.AddedQueries.Count} queries");
                Measure(workload, added, text, cancellationToken);
            }

            text.Append('\n');
        }

        return text.Append(Machine.Describe()).ToString();
    }

    private void Measure(Workload workload, DriftCase added, StringBuilder text, CancellationToken cancellationToken)
    {
        MultiVector[] all = [.. added.First, .. added.Added];
        MultiVector[] queries = [.. added.FirstQueries, .. added.AddedQueries];
        EntryBlock firstBlock = new(workload.Dimension, added.First);
        EntryBlock allBlock = new(workload.Dimension, all);
        EntryCodec exact = Train("float32", firstBlock, cancellationToken);
        int[][] bestOfFirst = GetBest(exact, firstBlock, added.FirstQueries, Top, cancellationToken);
        int[][] best = GetBest(exact, allBlock, queries, Top, cancellationToken);
        foreach (string spec in options.Codecs.Count > 0
            ? options.Codecs
            : workload.Entries.All(entry => entry.RowCount == 1) ? PictureCodecs : PageCodecs)
        {
            EntryCodec old = Train(spec, firstBlock, cancellationToken);
            EntryCodec anew = Train(spec, allBlock, cancellationToken);
            double before = GetError(old, added.First);
            double after = GetError(old, added.Added);

            // The smallest budget that kept the promise before anything was added grows with the collection, as that of a search does.
            int[][] candidates = GetBest(old, firstBlock, added.FirstQueries, Budgets[^1], cancellationToken);
            int budget = Budgets.FirstOrDefault(count => GetRecall(bestOfFirst, candidates, count) >= Promise, Budgets[^1]);
            int grown = (int)Math.Ceiling(budget * (double)all.Length / added.First.Count);
            double kept = GetRecall(best, GetBest(old, allBlock, queries, grown, cancellationToken), grown);
            double retrained = GetRecall(best, GetBest(anew, allBlock, queries, grown, cancellationToken), grown);
            text.Append(CultureInfo.InvariantCulture,
                $"| {added.Name} | {spec} | {before:0.0000} | {after / before:0.00} | {grown} | {kept:0.000} | {retrained:0.000} | {retrained - kept:0.000} |\n");
            log(FormattableString.Invariant(
                $"  {spec}: error {before:0.0000}, drift {after / before:0.00}, recall {kept:0.000}, trained anew {retrained:0.000}"));
        }
    }

    private static EntryCodec Train(string spec, EntryBlock block, CancellationToken cancellationToken)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);
        TrainingSample sample = new()
        {
            Dimension = block.Dimension,
            Rows = block.Sample(TrainingRowCount, Seed),
            Seed = Seed,
            Threads = Environment.ProcessorCount,
        };
        return CodecTraining.Train(parsed, sample, cancellationToken);
    }

    // As a check measures it.
    private static double GetError(EntryCodec codec, IReadOnlyList<MultiVector> entries)
    {
        int count = Math.Min(entries.Count, ErrorEntryCount);
        return Enumerable.Range(0, count)
            .Select(i => CodeErrors.MeasureEntry(codec, entries[(int)((long)i * entries.Count / count)], seed: i)).OfType<double>()
            .Average();
    }

    private static int[][] GetBest(EntryCodec codec, EntryBlock block, IReadOnlyList<MultiVector> queries, int count,
        CancellationToken cancellationToken) =>
    [
        .. new StoredEntries(codec, block, 0, cancellationToken).ScoreAll(queries, cancellationToken)
            .Select(scores => Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count).ToArray()),
    ];

    private static double GetRecall(int[][] best, int[][] candidates, int count) =>
        best.Zip(candidates).Average(pair => pair.First.Intersect(pair.Second.Take(count)).Count() / (double)pair.First.Length);
}
