using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Eval.Presence;

/// <summary>The distribution of similarities, what each threshold would show, and the one that the rule chooses.</summary>
internal sealed class PresenceReport(IReadOnlyList<PresenceSample> samples, IReadOnlyDictionary<string, int> pictureCounts)
{
    /// <summary>Share of absent words that may be shown.</summary>
    public const double MaxAbsentShare = 0.01;

    private static readonly double[] Quantiles = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    /// <summary>Thresholds that are looked at: 0.40 to 0.90 by hundredths.</summary>
    private static readonly double[] Thresholds = [.. Enumerable.Range(40, 51).Select(hundredth => hundredth / 100.0)];

    /// <summary>The lowest threshold at which no group shows more than <see cref="MaxAbsentShare"/> of its absent words.</summary>
    public double Choose() => Thresholds.FirstOrDefault(
        threshold => pictureCounts.Keys.All(group => Shown(group, PresenceKind.Absent, threshold) <= MaxAbsentShare), Thresholds[^1]);

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| best similarity of a word | words | {string.Join(" | ", Quantiles.Select(quantile => string.Create(CultureInfo.InvariantCulture, $"{quantile:0%}")))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(Quantiles.Select(_ => "---|"))}");
        foreach (string group in pictureCounts.Keys)
        {
            foreach (PresenceKind kind in Enum.GetValues<PresenceKind>())
            {
                double[] sorted = [.. Of(group, kind).Order()];
                if (sorted.Length > 0)
                {
                    text.AppendLine(CultureInfo.InvariantCulture,
                        $"| {pictureCounts[group]} {group}, {Name(kind)} | {sorted.Length} | {string.Join(" | ", Quantiles.Select(quantile => Text(sorted[(int)(quantile * (sorted.Length - 1))])))} |");
                }
            }
        }

        double chosen = Choose();
        double best = Thresholds.MaxBy(F1);
        text.AppendLine()
            .AppendLine("| shown from | "
            + string.Join(" | ",
            pictureCounts.Keys.SelectMany(group => Enum.GetValues<PresenceKind>().Select(kind => $"{group}, {Name(kind)}"))) + " | F1 |");
        text.AppendLine("|---|" + string.Concat(pictureCounts.Keys.SelectMany(_ => Enum.GetValues<PresenceKind>()).Select(_ => "---|"))
            + "---|");
        foreach (double threshold in Thresholds.Where(threshold => threshold == chosen || threshold == best
            || (int)Math.Round(threshold * 100) % 5 == 0))
        {
            IEnumerable<string> shares =
                pictureCounts.Keys.SelectMany(group => Enum.GetValues<PresenceKind>().Select(kind => Text(Shown(group, kind, threshold))));
            string mark = threshold == chosen ? "**" : "";
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {mark}{threshold:0.00}{mark} | {string.Join(" | ", shares)} | {Text(F1(threshold))} |");
        }

        text.AppendLine()
            .AppendLine(CultureInfo.InvariantCulture,
            $"Chosen: {chosen:0.00}, the lowest at which no group shows more than {MaxAbsentShare:0%} of absent words. Best F1 (present against absent, mean of the groups): {best:0.00}.");
        return text.ToString();
    }

    // Present against absent words, weighed alike; near spellings stay apart.
    private double F1(double threshold) => pictureCounts.Keys.Average(group =>
    {
        double recall = Shown(group, PresenceKind.Present, threshold);
        double wrong = Shown(group, PresenceKind.Absent, threshold);
        return recall == 0 ? 0 : 2 * recall / (recall + wrong + 1);
    });

    private double Shown(string group, PresenceKind kind, double threshold) =>
        Of(group, kind).Select(similarity => similarity >= threshold ? 1.0 : 0).DefaultIfEmpty(0).Average();

    private IEnumerable<double> Of(string group, PresenceKind kind) =>
        samples.Where(sample => sample.Group == group && sample.Kind == kind).Select(sample => sample.Similarity);

    private static string Name(PresenceKind kind) => kind switch
    {
        PresenceKind.Present => "printed",
        PresenceKind.Absent => "absent",
        _ => "near-spelling",
    };

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
