using System.CommandLine;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr report</c>: what can be said of a collection as a whole.</summary>
internal static class ReportCommand
{
    public static Command Create(GlobalOptions global) => new(
        "report", "Report on a collection: duplicates, captions that do not fit, what recompression does to vectors.")
    {
        CreateDuplicates(global),
        CreateSegments(global),
        CreateAlignment(global),
        CreateDrift(global),
    };

    private static Command CreateDuplicates(GlobalOptions global)
    {
        Option<string?> filter = CreateFilter();
        Option<int> limit = CreateLimit(100, "Groups of each kind, and segments, listed at most.");
        Option<bool> exact = new("--exact-only") { Description = "Only copies of the same bytes, which takes no time." };
        Option<double?> similarity = new("--similarity")
        {
            Description = "Similarity from which pictures are near duplicates, in (0, 1] (default: what each model says).",
            HelpName = "S",
        };
        Command command = new("duplicates", "Find copies, near duplicates and segments that videos share, and say which to keep.")
        {
            filter, limit, exact, similarity,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            DuplicateRequest request = new()
            {
                Filter = ReadFilter(parsed.GetValue(filter)),
                Limit = parsed.GetValue(limit),
                NearDuplicates = !parsed.GetValue(exact),
                Segments = !parsed.GetValue(exact),
                MinSimilarity = parsed.GetValue(similarity),
            };
            DuplicateReport report = await RunAsync(display => library.Reports.FindDuplicatesAsync(
                parsed.GetRequiredValue(global.Collection), request, display, cancellationToken));
            return Write(parsed, global, report, ReportPrinter.Print, report.Notices);
        });
        return command;
    }

    private static Command CreateSegments(GlobalOptions global)
    {
        Argument<string> first = new("video") { Description = "Key of a video." };
        Argument<string> second = new("other") { Description = "Key of another one." };
        Command command = new("segments", "Find the segments that two videos share.") { first, second };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            IReadOnlyList<CopiedSegment> segments = await library.Reports.FindCopiedSegmentsAsync(
                parsed.GetRequiredValue(global.Collection), parsed.GetRequiredValue(first), parsed.GetRequiredValue(second),
                cancellationToken);
            return Write(parsed, global, new { segments }, _ => ReportPrinter.Print(segments, segments.Count),
                segments.Count == 0 ? ["The two videos share no segment."] : []);
        });
        return command;
    }

    private static Command CreateAlignment(GlobalOptions global)
    {
        Option<string?> filter = CreateFilter();
        Option<int> limit = CreateLimit(20, "Captions listed at most.");
        Command command = new("alignment", "Find captions that do not fit their pictures.") { filter, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            AlignmentRequest request = new() { Filter = ReadFilter(parsed.GetValue(filter)), Limit = parsed.GetValue(limit) };
            AlignmentReport report = await RunAsync(display => library.Reports.CompareCaptionsAsync(
                parsed.GetRequiredValue(global.Collection), request, display, cancellationToken));
            return Write(parsed, global, report, ReportPrinter.Print, report.Notices);
        });
        return command;
    }

    private static Command CreateDrift(GlobalOptions global)
    {
        Option<string?> filter = CreateFilter();
        Option<int> sample = new("--sample") { Description = "Pictures encoded anew.", DefaultValueFactory = _ => 50, HelpName = "N" };
        Command command = new("drift", "Measure what JPEG and scaling do to the vectors of pictures.") { filter, sample };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            RecompressionRequest request = new() { Filter = ReadFilter(parsed.GetValue(filter)), SampleSize = parsed.GetValue(sample) };
            RecompressionReport report = await RunAsync(display => library.Reports.MeasureRecompressionAsync(
                parsed.GetRequiredValue(global.Collection), request, display, cancellationToken));
            return Write(parsed, global, report, ReportPrinter.Print, report.Notices);
        });
        return command;
    }

    private static Option<string?> CreateFilter() =>
        new("--filter", "-f") { Description = "Only entries that meet it, as of mvr search.", HelpName = "EXPR" };

    private static Option<int> CreateLimit(int standard, string description) =>
        new("--limit") { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };

    private static Filter? ReadFilter(string? expression) => expression is null ? null : Filter.Parse(expression);

    private static async Task<T> RunAsync<T>(Func<IProgress<ReportProgress>, Task<T>> make)
    {
        ReportDisplay display = new();
        try
        {
            return await make(display);
        }
        finally
        {
            display.Complete();
        }
    }

    private static int Write<T>(ParseResult parsed, GlobalOptions global, T report, Action<T> print, IReadOnlyList<string> notices)
    {
        if (parsed.GetValue(global.Json))
        {
            Terminal.WriteJson(report);
            return ExitCode.Success;
        }

        print(report);
        foreach (string notice in notices)
        {
            Terminal.WriteNotice(notice);
        }

        return ExitCode.Success;
    }
}
