using System.Globalization;
using MultiVecRetrieval.Server.Bodies;
using Spectre.Console;

namespace MultiVecRetrieval.Cli;

/// <summary>Prints a search result as lines for people.</summary>
internal static class SearchPrinter
{
    private const int MostMatches = 8;

    public static void Print(SearchResultBody result, TimeSpan elapsed)
    {
        foreach (HitBody hit in result.Hits)
        {
            string moment = hit.Span is [double start, double end] ? $"  {Clock(start)}-{Clock(end)}" : "";
            string sources = string.Join(", ", hit.Sources.Select(source => $"{source.Name} #{source.Rank}"));
            string score = hit.Score.ToString("0.0000", CultureInfo.InvariantCulture);
            Terminal.Out.MarkupLineInterpolated($"{hit.Rank,3}  [bold]{hit.Key}[/]{moment}  {score}  [grey]{sources}[/]");
            string matches =
                string.Join("  ",
                hit.Matches.Where(match => match.IsLikely && match.Label.Length > 0).DistinctBy(match => match.Label).Take(MostMatches)
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.Label} {match.Similarity:0.00}")));
            if (matches.Length > 0)
            {
                Terminal.Out.MarkupLineInterpolated($"     [grey]{matches}[/]");
            }
        }

        foreach (string notice in result.Notices)
        {
            Terminal.WriteNotice(notice);
        }

        foreach (PlanBody plan in result.Plans.Where(plan => plan.Stages.Count > 1))
        {
            string recall = plan.EstimatedRecall is double share
                ? string.Create(CultureInfo.InvariantCulture, $", recall {share:0.000} measured")
                : "";
            string budgets = plan.Budgets.Count > 1
                ? string.Create(CultureInfo.InvariantCulture, $" ({string.Join(" then ", plan.Budgets)} candidates)")
                : "";
            string proof = plan.IsProven ? ", the others excluded by their bounds" : "";
            Terminal.Error.MarkupLineInterpolated(
                $"[grey]{plan.Side}: {string.Join(" then ", plan.Stages)}{budgets}, {plan.CodedCount} by codes, {plan.ExactCount} exactly{recall}{proof}[/]");
        }

        string limit = result.Plans.Select(plan => plan.RowLimit).FirstOrDefault(known => known is not null) is { } rows
            ? $" over the first {rows} rows"
            : "";
        string exact = (result.IsExact ? "exact" : "approximate") + limit;
        Terminal.Error.MarkupLineInterpolated(
            $"[grey]{result.Hits.Count} of {result.CandidateCount} entries, {exact}, {elapsed.TotalMilliseconds:0} ms[/]");
    }

    private static string Clock(double seconds) =>
        TimeSpan.FromSeconds(seconds).ToString(seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
