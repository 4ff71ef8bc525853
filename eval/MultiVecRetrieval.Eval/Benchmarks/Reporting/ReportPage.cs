using System.Globalization;
using System.Net;
using System.Text;
using MultiVecRetrieval.Eval.Benchmarks.Writing;

namespace MultiVecRetrieval.Eval.Benchmarks.Reporting;

/// <summary>One HTML page of runs that can be read by itself: a table and a plot for each task, nothing from elsewhere.</summary>
internal static class ReportPage
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}"
        + "table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid #d0d7de;padding:.25rem .6rem;text-align:left}"
        + "th{background:#f6f8fa}img{max-width:100%}small{color:#59636e}.best{font-weight:600}";

    /// <summary>The whole file.</summary>
    /// <param name="folders">Folders of runs; each is a column of the comparison.</param>
    /// <param name="made">When it is made.</param>
    public static string Write(IReadOnlyList<string> folders, DateTimeOffset made)
    {
        List<(string Label, RunFolder Run)> runs =
            [.. folders.SelectMany(folder =>
                RunFolder.FindAll(folder).Select(run => (Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), run)))];
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Benchmarks</title><style>").Append(Style)
            .Append("</style></head><body>\n<h1>Benchmarks</h1>\n").Append(CultureInfo.InvariantCulture,
                $"<p><small>{made:yyyy-MM-dd HH:mm} UTC. Means over queries with 95 % bootstrap intervals; ties as trec_eval breaks them.</small></p>\n");
        foreach (var task in runs.GroupBy(run => run.Run.Task).OrderBy(task => task.Key, StringComparer.Ordinal))
        {
            AppendTask(page, task.Key, [.. task]);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void AppendTask(StringBuilder page, string task, IReadOnlyList<(string Label, RunFolder Run)> runs)
    {
        ScoreSheet first = runs[0].Run.Sheet;
        string[] measures = [.. runs.SelectMany(run => run.Run.Sheet.Measures).Select(score => score.Name)
            .Distinct(StringComparer.Ordinal)];
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(task)}</h2>\n<p><small>{first.Queries} questions, split {Encode(first.Split)}</small></p>\n")
            .Append("<table><tr><th>run</th>").AppendJoin("", measures.Select(measure => $"<th>{Encode(measure)}</th>"))
            .Append("<th>median ms</th></tr>\n");
        for (int i = 0; i < runs.Count; i++)
        {
            ScoreSheet sheet = runs[i].Run.Sheet;
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{i + 1}: {Encode(runs[i].Label)}<br><small>{Encode(sheet.System)}{LeftOut(sheet)}</small></td>")
                .AppendJoin("", measures.Select(measure => Cell(measure, sheet, runs)))
                .Append(CultureInfo.InvariantCulture, $"<td>{sheet.MedianMs:0.0}</td></tr>\n");
        }

        page.Append("</table>\n");
        if (measures.Length > 0)
        {
            List<(string, MeasureScore)> drawn = [];
            foreach ((string label, RunFolder run) in runs)
            {
                if (Find(run.Sheet, measures[0]) is { } score)
                {
                    drawn.Add((label, score));
                }
            }

            page.Append(CultureInfo.InvariantCulture,
                $"<p><img alt=\"{Encode(measures[0])} of each run\" src=\"data:image/png;base64,{Convert.ToBase64String(ScorePlot.Draw(measures[0], drawn))}\"></p>\n");
        }
    }

    private static string Cell(string measure, ScoreSheet sheet, IReadOnlyList<(string Label, RunFolder Run)> runs)
    {
        if (Find(sheet, measure) is not { } score)
        {
            return "<td></td>";
        }

        double[] all = [.. runs.Select(run => Find(run.Run.Sheet, measure)).OfType<MeasureScore>().Select(other => other.Mean)];
        bool isBest = all.Length > 1 && score.Mean == (score.Median is null ? all.Max() : all.Min());
        return $"<td{(isBest ? " class=\"best\"" : "")}>{score.Text}</td>";
    }

    private static string LeftOut(ScoreSheet sheet) =>
        sheet.LeftOut == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {sheet.LeftOut} items left out");

    private static MeasureScore? Find(ScoreSheet sheet, string measure) => sheet.Measures.FirstOrDefault(score => score.Name == measure);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
