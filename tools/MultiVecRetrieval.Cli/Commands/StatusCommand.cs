using System.CommandLine;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr status</c>: what is in a collection, and the account of every file that indexing saw.</summary>
internal static class StatusCommand
{
    public static Command Create(GlobalOptions global)
    {
        Option<bool> all = new("--files") { Description = "List every file, not only the failed and the incomplete ones." };
        Command command = new("status", "Show what is indexed and what became of every file.") { all };
        command.SetAction(parsed =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            Collection collection = library.GetCollection(name);
            SourceCounts counts = collection.Sources.Count();
            CollectionStatistics statistics = collection.GetStatistics();
            CollectionSummary summary = library.DescribeCollection(name);
            IReadOnlyList<SourceFile> listed = [.. collection.Sources.List().Where(file => parsed.GetValue(all) || IsIncomplete(file))];
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(new
                {
                    collection = name,
                    folder = collection.Folder,
                    counts.Seen,
                    counts.Indexed,
                    counts.Failed,
                    counts.Excluded,
                    counts.Pending,
                    counts.Missing,
                    unaccounted = Unaccounted(counts),
                    pagesAwaitingText = summary.PagesAwaitingText,
                    documentsAwaitingPages = summary.DocumentsAwaitingPages,
                    statistics,
                    spaces = collection.Spaces.Select(
                        space => new
                        {
                            space.Name,
                            id = space.Id.Value,
                            space.Dimension,
                            space.RowFormat,
                            space.Reduction,
                            space.State,
                            space.Counterpart,
                            space.ModelFolder
                        }),
                    files = listed,
                });
            }
            else
            {
                Print(name, collection, counts, statistics, listed);
                PrintWaiting(summary);
                Terminal.WriteBackgroundProblem(statistics);
            }

            return Unaccounted(counts) == 0 ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    // An indexed file has a reason when some of its pages, words or frames could not be read; a pending one when it is there in part.
    private static bool IsIncomplete(SourceFile file)
        => file.State == SourceState.Failed || file is { State: SourceState.Indexed or SourceState.Pending, Reason: not null };

    /// <summary>Files that are in none of the states; always 0, and shown so that it can be checked.</summary>
    private static long Unaccounted(SourceCounts counts) => counts.Seen - counts.Indexed - counts.Failed - counts.Excluded - counts.Pending;

    private static void Print(string name, Collection collection, SourceCounts counts, CollectionStatistics statistics,
        IReadOnlyList<SourceFile> listed)
    {
        IAnsiConsole console = Terminal.Out;
        console.MarkupLineInterpolated($"[bold]{name}[/]  {collection.Folder}");
        string types =
            string.Join(", ", statistics.EntriesByType.Where(pair => pair.Value > 0).Select(pair => $"{pair.Value} {Plural(pair.Key)}"));
        console.MarkupLineInterpolated(
            $"{statistics.DocumentCount} documents, {statistics.EntryCount} entries ({types}), {statistics.SizeInBytes / 1048576.0:0.0} MiB in {statistics.SegmentCount} segments");
        foreach (Space space in collection.Spaces)
        {
            long rows = statistics.RowsBySpace.GetValueOrDefault(space.Name);
            console.MarkupLineInterpolated(
                $"space {space.Name}: {rows} rows x {space.Dimension} {space.RowFormat}{(space.Reduction is null ? "" : $", reduced by {space.Reduction}")}{DescribeState(space)}");
        }

        console.MarkupLineInterpolated(
            $"files: {counts.Seen} seen - {counts.Indexed} indexed - {counts.Failed} failed - {counts.Excluded} excluded - {counts.Pending} pending = {Unaccounted(counts)}");
        if (counts.Missing > 0)
        {
            console.MarkupLineInterpolated(
                $"{counts.Missing} indexed files are gone from disk (mvr index PATHS --remove-missing removes them)");
        }

        foreach (SourceFile file in listed)
        {
            string reason = file.Reason is null ? "" : ": " + file.Reason;
            console.MarkupLineInterpolated($"{file.State.ToString().ToLowerInvariant(),-8} {file.Path}{reason}");
        }
    }

    private static string DescribeState(Space space) => space.State switch
    {
        SpaceState.Filling => $", being filled to take the place of {space.Counterpart}",
        SpaceState.Kept => $", kept; {space.Counterpart ?? "nothing"} is asked in its place (mvr models restore, mvr models remove)",
        _ => "",
    };

    private static void PrintWaiting(CollectionSummary summary)
    {
        if (summary.PagesAwaitingText > 0)
        {
            Terminal.Out.MarkupLineInterpolated(
                $"{summary.PagesAwaitingText} pages wait for their text to be recognised; the next mvr index does it where tesseract is installed");
        }

        if (summary.DocumentsAwaitingPages > 0)
        {
            Terminal.Out.MarkupLineInterpolated(
                $"{summary.DocumentsAwaitingPages} office documents wait for their pages to be drawn; the next mvr index does it where LibreOffice is installed");
        }
    }

    private static string Plural(MediaType type) => type switch
    {
        MediaType.Image => "images",
        MediaType.Page => "pages",
        MediaType.Video => "videos",
        _ => "parts of texts",
    };
}
