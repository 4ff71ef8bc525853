using System.Globalization;
using System.Text;
using MultiVecRetrieval.Server.Bodies;
using Spectre.Console;

namespace MultiVecRetrieval.Cli;

/// <summary>Prints a search result as lines for people.</summary>
internal static class SearchPrinter
{
    private const int MostMatches = 8;
    private const int PassageLength = 240;

    public static void Print(SearchResultBody result, TimeSpan elapsed)
    {
        // Several sides make evidence of many kinds, whose number says nothing to people.
        bool showsScores = result.Hits.SelectMany(hit => hit.Sources).Select(source => source.Name).Distinct().Count() == 1;
        bool isBelow = false;

        // With one document there is nothing to gather: each of its pages is shown like a hit.
        IReadOnlyList<HitBody> hits = result.Hits is [{ Others.Count: > 0 } only] && !result.HasMore && result.Offset == 0
            ? [only with { Others = [] }, .. only.Others]
            : result.Hits;
        foreach (HitBody hit in hits)
        {
            if (!hit.IsLikely && !isBelow)
            {
                isBelow = true;
                Terminal.Out.MarkupLine(hit.Rank == 1
                    ? "[grey]nothing here matches; the nearest of what there is:[/]"
                    : "[grey]     --- below this line nothing says that it matches ---[/]");
            }

            string moment = hit.Span is [double start, double end] ? $"  {Clock(start)}-{Clock(end)}" : "";
            string sources = string.Join(", ", hit.Sources.Select(source => $"{source.Name} #{source.Rank}"));
            string score = showsScores ? hit.Score.ToString("0.0000  ", CultureInfo.InvariantCulture) : "";
            Terminal.Out.MarkupLineInterpolated($"{hit.Rank,3}  [bold]{hit.Key}[/]{moment}  {score}[grey]{sources}[/]");
            if (hit.Passage is { } passage)
            {
                Terminal.Out.MarkupLine($"     {Mark(passage)}");
            }

            string matches =
                string.Join("  ",
                hit.Matches.Where(match => match.IsLikely && match.Label.Length > 0).DistinctBy(match => match.Label).Take(MostMatches)
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.Label} {match.Similarity:0.00}")));
            if (matches.Length > 0)
            {
                Terminal.Out.MarkupLineInterpolated($"     [grey]{matches}[/]");
            }

            if (hit.Events.Count > 0)
            {
                Terminal.Out.MarkupLineInterpolated(
                    $"     [grey]{string.Join(", then ", hit.Events.Select(own => $"{Clock(own.Span[0])}-{Clock(own.Span[1])}"))}[/]");
            }
            else if (hit.Moments.Count > 0)
            {
                Terminal.Out.MarkupLineInterpolated(
                    $"     [grey]moments {string.Join(", ", hit.Moments.Select(moment => $"{Clock(moment.Span[0])}-{Clock(moment.Span[1])}"))}[/]");
            }

            if (hit.Others.Count > 0)
            {
                Terminal.Out.MarkupLineInterpolated($"     [grey]also {ListOthers(hit)}[/]");
            }
        }

        foreach (FacetBody facet in result.Facets)
        {
            string values = string.Join("  ", facet.Values.Select(value => string.Create(
                CultureInfo.InvariantCulture, $"{value.Value} ({value.Count})")));
            string others = facet.OtherCount > 0 ? $"  and {facet.OtherCount} more" : "";
            Terminal.Out.MarkupLineInterpolated($"[bold]{facet.Field}[/]  {(values.Length > 0 ? values : "no value")}{others}");
        }

        foreach (string notice in result.Notices)
        {
            Terminal.WriteNotice(notice);
        }

        foreach (PlanBody plan in result.Plans.Where(plan => plan.Formula is not null))
        {
            Terminal.Error.MarkupLineInterpolated($"[grey]{plan.Side}: {plan.Formula}[/]");
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

    private static string ListOthers(HitBody hit) => hit.Type == "page"
        ? $"{(hit.Others.Count == 1 ? "page" : "pages")} {string.Join(", ", hit.Others.Select(other => other.Page))}"
        : string.Join(", ", hit.Others.Select(other => other.Key[(other.Key.LastIndexOf('#') + 1)..]));

    // A part of the passage around its first mark, the words that were asked for in bold.
    private static string Mark(PassageBody passage)
    {
        int first = passage.Marks.Count == 0 ? 0 : passage.Marks[0][0];
        int start = first < PassageLength / 2 ? 0 : passage.Text.LastIndexOf(' ', first - (PassageLength / 4)) + 1;
        int end = Math.Min(passage.Text.Length, start + PassageLength);
        end = end < passage.Text.Length && passage.Text.LastIndexOf(' ', end) is > 0 and int blank && blank > start ? blank : end;
        StringBuilder line = new(start > 0 || passage.IsCutBefore ? "... " : "");
        int at = start;
        foreach (IReadOnlyList<int> mark in passage.Marks.Where(mark => mark[0] >= start && mark[0] + mark[1] <= end))
        {
            line.Append(Escape(passage.Text[at..mark[0]]));
            at = mark[0] + mark[1];
            line.Append("[bold yellow]").Append(Escape(passage.Text[mark[0]..at])).Append("[/]");
        }

        return line.Append(Escape(passage.Text[at..end])).Append(end < passage.Text.Length || passage.IsCutAfter ? " ..." : "")
            .ToString();
    }

    // Rows of a table stay apart on one line.
    private static string Escape(string text) => Markup.Escape(text.Replace("\n", " · ", StringComparison.Ordinal));

    private static string Clock(double seconds) =>
        TimeSpan.FromSeconds(seconds).ToString(seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
