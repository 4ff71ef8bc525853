using System.Globalization;
using System.Net;
using System.Text;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Size against quality, one panel a workload, as an SVG that reads on light and on dark ground.</summary>
internal static class CompressionPlot
{
    private const int Width = 960;
    private const int PanelHeight = 470;
    private const int Left = 60;
    private const int Right = 20;
    private const int Top = 56;
    private const int Bottom = 52;

    private static readonly string[] Series =
        ["codec, all rows", "fewer rows, float32", "fewer rows, then a codec", "codec that saw queries", "control"];

    /// <summary>The whole file.</summary>
    public static string Draw(IReadOnlyList<WorkloadResult> results)
    {
        StringBuilder svg = new();
        int height = results.Count * PanelHeight;
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" font-family="system-ui, sans-serif" font-size="12">
            <title>Bytes an entry against quality</title>
            <style>
            .ground {"{"} fill: #ffffff {"}"} text {"{"} fill: #1f2328 {"}"} .grid {"{"} stroke: #d0d7de {"}"} .front {"{"} stroke: #8c959f; fill: none {"}"}
            .s0 {"{"} fill: #0969da {"}"} .s1 {"{"} fill: #1a7f37 {"}"} .s2 {"{"} fill: #bc4c00 {"}"} .s3 {"{"} fill: #8250df {"}"} .s4 {"{"} fill: none; stroke: #6e7781; stroke-width: 1.5 {"}"}
            .label {"{"} font-size: 10.5px {"}"} .head {"{"} font-size: 15px; font-weight: 600 {"}"}
            @media (prefers-color-scheme: dark) {"{"}
            .ground {"{"} fill: #0d1117 {"}"} text {"{"} fill: #e6edf3 {"}"} .grid {"{"} stroke: #30363d {"}"} .front {"{"} stroke: #7d8590 {"}"}
            .s0 {"{"} fill: #58a6ff {"}"} .s1 {"{"} fill: #56d364 {"}"} .s2 {"{"} fill: #ffa657 {"}"} .s3 {"{"} fill: #bc8cff {"}"} .s4 {"{"} stroke: #8b949e {"}"}
            {"}"}
            </style>
            <rect class="ground" width="{Width}" height="{height}"/>

            """);
        for (int i = 0; i < results.Count; i++)
        {
            DrawPanel(svg, results[i], i * PanelHeight);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(StringBuilder svg, WorkloadResult result, int y0)
    {
        Func<TrialResult, double> quality = result.IsDense ? trial => trial.RecallAt10.Mean : trial => trial.NdcgAt10.Mean;
        double low = Math.Max(0, Math.Floor((result.Trials.Min(quality) * 10) - 0.3) / 10);
        double high = Math.Ceiling(Math.Round(result.Trials.Max(quality) * 10, 6)) / 10;
        double least = Math.Log10(result.Trials.Min(trial => trial.BytesPerEntry)) - 0.1;
        double most = Math.Log10(result.Trials.Max(trial => trial.BytesPerEntry)) + 0.25;
        double X(double bytes) => Left + ((Math.Log10(bytes) - least) / (most - least) * (Width - Left - Right));
        double Y(double value) => y0 + Top + ((high - value) / (high - low) * (PanelHeight - Top - Bottom));

        string measure = result.IsDense ? "recall@10 against float32" : "nDCG@10 of known items";
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"head\" x=\"{Left}\" y=\"{y0 + 22}\">{char.ToUpperInvariant(result.Name[0])}{result.Name[1..]}: {measure}, by bytes an entry</text>\n");
        DrawLegend(svg, result, y0 + 42);
        for (double value = low; value <= high + 1e-9; value += 0.1)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):0.0}\" y2=\"{Y(value):0.0}\"/><text x=\"{Left - 8}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{value:0.0}</text>\n");
        }

        for (int power = (int)Math.Ceiling(least); power <= most; power++)
        {
            double x = X(Math.Pow(10, power));
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{y0 + Top}\" y2=\"{y0 + PanelHeight - Bottom}\"/><text x=\"{x:0.0}\" y=\"{y0 + PanelHeight - Bottom + 18}\" text-anchor=\"middle\">{Math.Pow(10, power):n0}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{y0 + PanelHeight - 14}\" text-anchor=\"middle\">bytes an entry</text>\n");
        List<TrialResult> front = Front(result.Trials, quality);
        svg.Append("<polyline class=\"front\" stroke-dasharray=\"3 3\" points=\"")
            .AppendJoin(' ',
                front.Select(trial => string.Create(CultureInfo.InvariantCulture, $"{X(trial.BytesPerEntry):0.0},{Y(quality(trial)):0.0}")))
            .Append("\"/>\n");
        List<(double X, double Y, TrialResult Trial)> points =
            [.. result.Trials.Select(trial => (X(trial.BytesPerEntry), Y(quality(trial)), trial))];
        List<(double Left, double Top, double Right, double Bottom)> taken =
            [.. points.Select(point => (point.X - 4, point.Y - 4, point.X + 4, point.Y + 4))];
        foreach ((double x, double y, TrialResult trial) in points)
        {
            DrawPoint(svg, x, y, trial, quality(trial));
        }
        // Those on the front are named first, controls last.
        foreach ((double x, double y, TrialResult trial) in points
            .OrderByDescending(point => front.Contains(point.Trial)).ThenBy(point => point.Trial.Series == "control")
                .ThenBy(point => point.X))
        {
            DrawLabel(svg, x, y, trial.Name, taken, y0);
        }
    }

    private static void DrawLegend(StringBuilder svg, WorkloadResult result, int y)
    {
        int x = Left + 5;
        for (int i = 0; i < Series.Length; i++)
        {
            if (result.Trials.All(trial => trial.Series != Series[i]))
            {
                continue;
            }

            DrawMark(svg, i, x, y - 4);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 9}\" y=\"{y}\">{Series[i]}</text>\n");
            x += 32 + (int)(Series[i].Length * 6.6);
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\">- - -  best for its size</text>\n");
    }

    private static void DrawPoint(StringBuilder svg, double x, double y, TrialResult trial, double quality)
    {
        svg.Append("<g><title>").Append(WebUtility.HtmlEncode(trial.Name))
            .Append(CultureInfo.InvariantCulture, $": {trial.BytesPerEntry:n0} bytes, {quality:0.000}</title>");
        DrawMark(svg, Array.IndexOf(Series, trial.Series), x, y);
        svg.Append("</g>\n");
    }

    // A shape for each series, so that colours need not be told apart.
    private static void DrawMark(StringBuilder svg, int series, double x, double y) => svg.Append(CultureInfo.InvariantCulture, $"{series switch
    {
        0 => FormattableString.Invariant($"<circle class=\"s0\" cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"4\"/>"),
        1 => FormattableString.Invariant($"<rect class=\"s1\" x=\"{x - 3.5:0.0}\" y=\"{y - 3.5:0.0}\" width=\"7\" height=\"7\"/>"),
        2 => FormattableString.Invariant($"<path class=\"s2\" d=\"M{x:0.0} {y - 5:0.0}l4.6 8h-9.2z\"/>"),
        3 => FormattableString.Invariant($"<path class=\"s3\" d=\"M{x:0.0} {y - 5:0.0}l5 5l-5 5l-5 -5z\"/>"),
        _ => FormattableString.Invariant($"<circle class=\"s4\" cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"3.5\"/>"),
    }}");

    // The first of eight places around the point that nothing has taken; a point without room has its name as a tooltip only.
    private static void DrawLabel(
        StringBuilder svg, double x, double y, string name, List<(double Left, double Top, double Right, double Bottom)> taken, int y0)
    {
        double width = name.Length * 5.6;
        (double X, double Y)[] places =
        [
            (x + 7, y + 4), (x - width - 7, y + 4), (x - (width / 2), y - 8), (x - (width / 2), y + 16),
            (x + 5, y - 6), (x + 5, y + 14), (x - width - 5, y - 6), (x - width - 5, y + 14),
        ];
        foreach ((double left, double baseline) in places)
        {
            (double Left, double Top, double Right, double Bottom) box = (left, baseline - 9, left + width, baseline + 2);
            bool isInside = box.Left >= Left && box.Right <= Width - 2 && box.Top >= y0 + Top - 6
                && box.Bottom <= y0 + PanelHeight - Bottom;
            if (!isInside
                || taken.Any(other => box.Left < other.Right && other.Left < box.Right && box.Top < other.Bottom && other.Top < box.Bottom))
            {
                continue;
            }

            taken.Add(box);
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"label\" x=\"{left:0.0}\" y=\"{baseline:0.0}\">{WebUtility.HtmlEncode(name)}</text>\n");
            return;
        }
    }

    // What nothing smaller equals.
    private static List<TrialResult> Front(IReadOnlyList<TrialResult> trials, Func<TrialResult, double> quality)
    {
        List<TrialResult> front = [];
        foreach (TrialResult trial in trials.OrderBy(trial => trial.BytesPerEntry).ThenByDescending(quality))
        {
            if (front.Count == 0 || quality(trial) > quality(front[^1]))
            {
                front.Add(trial);
            }
        }
        return front;
    }
}
