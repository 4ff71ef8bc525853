using System.Globalization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli;

/// <summary>Prints reports for people.</summary>
internal static class ReportPrinter
{
    private static IAnsiConsole Out => Terminal.Out;

    public static void Print(DuplicateReport report)
    {
        Out.MarkupLineInterpolated(
            $"[bold]exact copies[/]: {report.ExactGroupCount} groups among {report.DocumentCount} documents; the others of each hold {Text(report.ExactSizeInBytes / 1048576.0, "0.0")} MiB");
        PrintGroups(report.Exact, report.ExactGroupCount);
        string by = string.Join("; ", report.ComparedBy.Select(
            space => $"{space.Source} from {Text(space.Threshold, "0.00")}, {space.EntryCount} entries"));
        Out.MarkupLineInterpolated($"[bold]near duplicates[/]: {report.NearGroupCount} groups ({by})");
        PrintGroups(report.Near, report.NearGroupCount);
        if (report.SegmentCount > 0)
        {
            Out.MarkupLineInterpolated($"[bold]shared by videos[/]: {report.SegmentCount} segments");
            Print(report.Segments, report.SegmentCount);
        }
    }

    public static void Print(IReadOnlyList<CopiedSegment> segments, int count)
    {
        foreach (CopiedSegment segment in segments)
        {
            string speed = Math.Abs(segment.Speed - 1) > 0.1 ? $", {Text(segment.Speed, "0.00")} times as fast" : "";
            Out.MarkupLineInterpolated(
                $"  {segment.FirstKey} {Span(segment.First)} is in {segment.SecondKey} {Span(segment.Second)} ({Text(segment.Similarity, "0.00")}{speed})");
        }

        PrintRest(segments.Count, count);
    }

    public static void Print(AlignmentReport report)
    {
        Out.MarkupLineInterpolated(
            $"{report.PictureCount} captions compared{(report.Space is null ? "" : $" in {report.Space}")}, {report.WithoutCaptionCount} pictures without");
        foreach (CaptionFit fit in report.Worst)
        {
            string evidence = fit.Evidence is { } known ? $", evidence {Text(known, "0.00")}" : "";
            Out.MarkupLineInterpolated(
                $"[bold]{fit.Key}[/]  {fit.Field}: {Short(fit.Caption)}");
            Out.MarkupLineInterpolated(
                $"  fits {Text(100 * (1 - fit.Percentile), "0")} % of other pictures as well or better (similarity {Text(fit.Similarity, "0.00")}{evidence})");
            if (fit.Better is { } better)
            {
                Out.MarkupLineInterpolated($"  fits better: {Short(better.Caption)}  (of {better.Key})");
            }
        }
    }

    public static void Print(RecompressionReport report)
    {
        Out.MarkupLineInterpolated($"{report.PictureCount} pictures encoded anew");
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumns("space", "change", "pictures", "mean", "5 % below", "least", "finds itself first");
        foreach (RecompressionMeasurement one in report.Measurements)
        {
            table.AddRow(
                one.Space, one.Change, Text(one.PictureCount, "0"), Text(one.MeanSimilarity, "0.0000"), Text(one.LowSimilarity, "0.0000"),
                Text(one.LeastSimilarity, "0.0000"), Text(one.FirstShare, "0.000"));
        }

        Out.Write(table);
    }

    private static void PrintGroups(IReadOnlyList<DuplicateGroup> groups, int count)
    {
        foreach (DuplicateGroup group in groups)
        {
            Out.MarkupLineInterpolated($"  keep {group.Keep.Key}  ({group.Explanation})");
            foreach (DuplicateMember other in group.Others)
            {
                string like = other.Source == "content"
                    ? ""
                    : $"  {other.Width} x {other.Height}, {Text(other.Similarity, "0.00")} by {other.Source}";
                Out.MarkupLineInterpolated($"       {other.Key}{like}");
            }
        }

        PrintRest(groups.Count, count);
    }

    private static void PrintRest(int shown, int count)
    {
        if (shown < count)
        {
            Out.MarkupLineInterpolated($"  and {count - shown} more (--limit {count})");
        }
    }

    private static string Short(string caption) => caption.Length <= 100 ? caption : caption[..99] + "…";

    private static string Span(Numerics.Moment span) => $"{Time(span.StartSeconds)}-{Time(span.EndSeconds)}";

    private static string Time(double seconds) => TimeSpan.FromSeconds(Math.Round(seconds)) is var time && time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
