using System.Globalization;
using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>The figures as tables, as JSON, and as a plot.</summary>
internal sealed class CompressionReport(IReadOnlyList<WorkloadResult> results, string machine, TimeSpan elapsed)
{
    private const string Begin = "<!-- tables -->";
    private const string End = "<!-- end of tables -->";

    /// <summary>One table a workload, largest entries first.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        foreach (WorkloadResult result in results)
        {
            double full = result.Trials.Max(trial => trial.BytesPerEntry);
            text.Append(CultureInfo.InvariantCulture,
                $"**{char.ToUpperInvariant(result.Name[0])}{result.Name[1..]}.** {result.Origin}.\n\n");
            text.Append("| stored as | bytes | smaller | nDCG@10 | hit@1 | hit@10 | recall@10 | recall@100 | recall@1,000 | nDCG@10, 100 rescored | needle | encode ms | score ms |\n");
            text.Append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
            foreach (TrialResult trial in result.Trials.OrderByDescending(trial => trial.BytesPerEntry)
                .ThenBy(trial => trial.Name, StringComparer.Ordinal))
            {
                string name = trial.Series == "control" ? $"*{trial.Name}*" : trial.Name;
                text.Append(CultureInfo.InvariantCulture,
                    $"| {name} | {trial.BytesPerEntry:n0} | {full / trial.BytesPerEntry:0.#}x | {Interval(trial.NdcgAt10)} | {Share(trial.HitAt1.Mean)} | {Share(trial.HitAt10.Mean)} | {Interval(trial.RecallAt10)} | {Interval(trial.RecallAt100)} | {Share(trial.RecallAt1000.Mean)} | {Interval(trial.RescoredNdcgAt10)} | {(trial.NeedleShare is { } share ? Share(share) : "")} | {Time(trial.EncodeMsPerEntry)} | {Time(trial.ScoreMsPerQuery)} |\n");
            }

            foreach (string refused in result.Refused)
            {
                text.Append(CultureInfo.InvariantCulture, $"\nLeft out: {refused}\n");
            }

            text.Append('\n');
        }

        // Without a time the figures were read, not measured.
        string time = elapsed > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMinutes:0} minutes. ") : "";
        return text.Append(time).Append(machine).ToString();
    }

    /// <summary>Writes <c>compression.json</c> and <c>compression.svg</c>, and the tables into <c>compression.md</c>, between its
    /// marks.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "compression.json"), JsonSerializer.Serialize(results, CompressionSuite.Json) + "\n");
        File.WriteAllText(Path.Combine(folder, "compression.svg"), CompressionPlot.Draw(results));
        string file = Path.Combine(folder, "compression.md");
        string text = File.Exists(file) ? File.ReadAllText(file) : $"# Compression, measured\n\n{Begin}\n{End}\n";
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{file} has no '{Begin}' before '{End}'.");
        }

        File.WriteAllText(file, $"{text[..(begin + Begin.Length)]}\n{ToMarkdown()}\n{text[end..]}");
    }

    private static string Interval(ConfidenceInterval interval)
        => $"{Share(interval.Mean)} [{Share(interval.Low)}, {Share(interval.High)}]";

    // ".912" and "1": a column of shares needs no zeros in front.
    private static string Share(double share) =>
        share >= 0.9995 ? "1" : share.ToString("0.000", CultureInfo.InvariantCulture)[1..];

    private static string Time(double ms) => ms.ToString(ms < 0.01 ? "0.0000" : ms < 1 ? "0.000" : "0.0", CultureInfo.InvariantCulture);
}
