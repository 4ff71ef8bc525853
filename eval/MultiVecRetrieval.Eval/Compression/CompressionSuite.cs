using System.Diagnostics;
using System.Text.Json;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>
/// What compression costs: every codec and every reduction on real pages by the bundled model and on real pictures across modalities,
/// each beside its controls, judged by known items and against exact float32.
/// </summary>
internal sealed class CompressionSuite(CompressionOptions options, Action<string> log)
{
    /// <summary>Figures in files: names as everywhere, numbers in full.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Runs everything, writes the files, and returns the tables.</summary>
    public string Run(CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<WorkloadResult> results = [];
        foreach (Func<Workload?> load in new Func<Workload?>[]
        {
            () => PictureWorkload.Load(options, log, cancellationToken),
            () => PageWorkload.Load(options, log, cancellationToken),
        })
        {
            if (load() is { } workload)
            {
                results.Insert(0, Measure(workload, cancellationToken));
            }
        }

        CompressionReport report = new(results, Machine.Describe(), options.MeasuresNothing ? TimeSpan.Zero : watch.Elapsed);
        if (options.OutputFolder is { } folder)
        {
            report.Write(folder);
        }

        return report.ToMarkdown();
    }

    private WorkloadResult Measure(Workload workload, CancellationToken cancellationToken)
    {
        string file = Path.Combine(options.CacheFolder, "compression", $"figures-{workload.Name}.json");
        Dictionary<string, TrialResult> known = (options.KeepFigures || options.MeasuresNothing) && File.Exists(file)
            ? JsonSerializer.Deserialize<List<TrialResult>>(File.ReadAllText(file), Json)!.ToDictionary(result => result.Name,
                StringComparer.Ordinal)
            : [];
        log($"{workload.Name}: {workload.Origin}");
        TrialRunner? runner = null;
        List<TrialResult> measured = [];
        List<string> refused = [];
        foreach (Trial trial in Trials.For(workload, options.Codecs))
        {
            // What is named is measured, also when there are figures.
            if (known.TryGetValue(trial.Name, out TrialResult? result) && options.Codecs.Count == 0)
            {
                measured.Add(result);
                continue;
            }

            if (options.MeasuresNothing)
            {
                continue;
            }

            try
            {
                runner ??= new TrialRunner(workload, options.TrainingRowCount, cancellationToken);
                Stopwatch watch = Stopwatch.StartNew();
                result = runner.Run(trial, cancellationToken);
                log(FormattableString.Invariant(
                    $"{workload.Name}: {trial.Name}: {result.BytesPerEntry:n0} bytes, nDCG@10 {result.NdcgAt10}, recall@10 {result.RecallAt10.Mean:0.000}, {watch.Elapsed.TotalSeconds:0} s"));
                measured.Add(result);
            }
            catch (Exception exception) when (exception is ArgumentException)
            {
                log($"{workload.Name}: {trial.Name} is left out: {exception.Message}");
                refused.Add($"{trial.Name}: {exception.Message}");
            }

            // Figures of an earlier run that this one has not come to yet stay, should it be stopped.
            IEnumerable<TrialResult> ahead = known.Values.Where(earlier => measured.All(done => done.Name != earlier.Name));
            File.WriteAllText(file, JsonSerializer.Serialize(measured.Concat(ahead).ToList(), Json));
        }

        if (options.KeepFigures)
        {
            measured.AddRange(known.Values.Where(earlier => measured.All(done => done.Name != earlier.Name)));
        }

        return new WorkloadResult(workload.Name, workload.Origin, measured, refused);
    }
}
