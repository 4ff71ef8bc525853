using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr index</c>: create or update a collection from files and folders.</summary>
internal static class IndexCommand
{
    public static Command Create(GlobalOptions global)
    {
        Argument<string[]> paths = new("paths")
        {
            Description = "Files or folders. Entry keys are paths relative to the folder given here.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string[]> models = new("--model", "-m")
        {
            Description = "Model folder or name; repeat for several spaces (default: those of the collection, or the bundled model).",
            HelpName = "DIR",
            DefaultValueFactory = _ => [],
        };
        Option<string?> reduce = new("--reduce")
        {
            Description =
                "Store fewer vectors per page in the spaces that this makes, for instance --reduce ward:3 (default: the setting reduction; "
                + "mvr models lists what there is).",
            HelpName = "SPEC",
        };
        Option<string[]> exclude = new("--exclude", "-x")
        {
            Description = "Glob of paths to leave out, for instance --exclude 'drafts/**'. Repeatable.",
            HelpName = "GLOB",
            DefaultValueFactory = _ => [],
        };
        Option<bool> removeMissing = new("--remove-missing")
        {
            Description = "Remove documents whose files are gone (otherwise they are only reported).",
        };
        Option<bool> watch = new("--watch", "-w")
        {
            Description = "Stay, and index whenever something changes, until Ctrl-C. Documents whose files are gone are removed; those of a "
                + "folder that is gone or empty as a whole stay.",
        };
        Option<bool> reread = new("--reread")
        {
            Description = "Compare the content of every file, also of those whose size and times are unchanged.",
        };
        Option<string[]> metadata = new("--meta")
        {
            Description = "Metadata for every document of this run, for instance --meta project=alpha. Repeatable.",
            HelpName = "NAME=VALUE",
            DefaultValueFactory = _ => [],
        };
        Option<string?> speechModel = new("--speech-model")
        {
            Description = "Write down what is said in videos without subtitles, by a Whisper model of whisper.cpp (default: the setting "
                + "speechModel).",
            HelpName = "FILE",
        };
        Command command = new("index", "Index files and folders: unchanged files are skipped, changed ones replaced.")
        {
            paths, models, reduce, exclude, removeMissing, watch, reread, metadata, speechModel,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(
                parsed, global, options => options with { SpeechModel = parsed.GetValue(speechModel) ?? options.SpeechModel });
            IndexRequest request = new()
            {
                Collection = parsed.GetRequiredValue(global.Collection),
                Paths = parsed.GetRequiredValue(paths),
                Models = parsed.GetRequiredValue(models),
                Reduction = parsed.GetValue(reduce),
                Exclude = parsed.GetRequiredValue(exclude),
                RemoveMissing = parsed.GetValue(removeMissing),
                Reread = parsed.GetValue(reread),
                Metadata = ParseMetadata(parsed.GetRequiredValue(metadata)),
            };
            bool isJson = parsed.GetValue(global.Json);
            return parsed.GetValue(watch)
                ? await WatchAsync(library, request, isJson, cancellationToken)
                : await RunAsync(progress => library.IndexAsync(request, progress, cancellationToken), isJson);
        });
        return command;
    }

    /// <summary>Runs <paramref name="work"/> with progress on standard error and prints its report.</summary>
    /// <param name="work">The work.</param>
    /// <param name="json">Print JSON.</param>
    /// <param name="describe">What to print in JSON in place of the report; null for the report, as where it gives null.</param>
    /// <param name="isWorthTelling">Whether to print a report of which this is false; null for yes.</param>
    public static async Task<int> RunAsync(
        Func<IProgress<IndexProgress>, Task<IndexReport>> work, bool json, Func<IndexReport, object?>? describe = null,
        Func<IndexReport, bool>? isWorthTelling = null)
    {
        ProgressDisplay progress = new();
        IndexReport report;
        bool isCancelled = false;
        try
        {
            report = await work(progress);
        }
        catch (IndexCanceledException cancelled)
        {
            (report, isCancelled) = (cancelled.Report, true);
        }
        finally
        {
            progress.Complete();
        }

        if (isWorthTelling?.Invoke(report) == false)
        {
            return ExitCode.Success;
        }

        if (json)
        {
            Terminal.WriteJson(describe?.Invoke(report) ?? report);
        }
        else
        {
            Print(report, isCancelled);
        }

        return isCancelled ? ExitCode.Cancelled : report.Failed.Count > 0 ? ExitCode.SomeFailed : ExitCode.Success;
    }

    // Every run that changes something is told; Ctrl-C is how it is meant to end.
    private static async Task<int> WatchAsync(Library library, IndexRequest request, bool isJson, CancellationToken cancellationToken)
    {
        int code = ExitCode.Success;
        bool isFirst = true;
        long missing = 0;
        try
        {
            await library.WatchAsync(request, new WatchOptions(), RunOnceAsync, new TerminalNotices(), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }

        return code;

        async Task RunOnceAsync(IndexRequest changed, CancellationToken token)
        {
            code = await RunAsync(
                progress => library.IndexAsync(changed, progress, token), isJson,
                isWorthTelling: IsWorthTelling);
            token.ThrowIfCancellationRequested();
            if (isFirst)
            {
                Terminal.WriteNotice("watching for changes (Ctrl-C stops)");
            }

            isFirst = false;
        }

        bool IsWorthTelling(IndexReport report)
        {
            bool isNews = isFirst || report.Missing != missing
                || report.Indexed + report.Renamed + report.Removed + report.Failed.Count > 0;
            missing = report.Missing;
            return isNews;
        }
    }

    private sealed class TerminalNotices : IProgress<string>
    {
        public void Report(string value) => Terminal.WriteNotice(value);
    }

    private static void Print(IndexReport report, bool isCancelled)
    {
        string[] parts =
        [
            $"{report.Seen} seen", $"{report.Indexed} indexed ({report.EntriesAdded} entries)", $"{report.Unchanged} unchanged",
            .. Optional(report.Renamed, "renamed"), .. Optional(report.Excluded, "excluded"), .. Optional(report.Missing, "missing"),
            .. Optional(report.Removed, "removed"), .. Optional(report.Partial.Count, "incomplete"),
            .. Optional(report.Failed.Count, "failed"),
        ];
        double rate = report.Elapsed.TotalSeconds > 0 ? report.EntriesAdded / report.Elapsed.TotalSeconds : 0;
        Terminal.Out.MarkupLineInterpolated(
            $"{string.Join(", ", parts)} in {report.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s ({rate.ToString("0.0", CultureInfo.InvariantCulture)} entries/s)");
        List("failed", "red", report.Failed);
        List("incomplete", "yellow", report.Partial);

        if (report.Unsupported.Count > 0)
        {
            Terminal.WriteNotice(DescribeUnsupported(report.Unsupported));
        }

        foreach (string notice in report.Notices)
        {
            Terminal.WriteNotice(notice);
        }

        if (report.Missing > 0)
        {
            Terminal.WriteNotice($"{report.Missing} indexed files are gone from disk; mvr index PATHS --remove-missing removes them.");
        }

        if (isCancelled)
        {
            Terminal.WriteNotice("cancelled; run the same command again to go on.");
        }
    }

    private static void List(string label, string color, IReadOnlyList<FailedFile> files)
    {
        const int Listed = 20;
        foreach (FailedFile file in files.Take(Listed))
        {
            Terminal.Error.MarkupLine($"[{color}]{label}[/] {Markup.Escape($"{file.Path}: {file.Reason}")}");
        }

        if (files.Count > Listed)
        {
            Terminal.WriteNotice($"{files.Count - Listed} more {label}; mvr status lists them.");
        }
    }

    // "12 files of types that are not read: 7 .docx, 5 .mp3".
    private static string DescribeUnsupported(IReadOnlyList<ExtensionCount> counts)
    {
        const int Listed = 10;
        IEnumerable<string> kinds = counts.Take(Listed)
            .Select(kind => $"{kind.Count} {(kind.Extension.Length == 0 ? "without an extension" : kind.Extension)}");
        string more = counts.Count > Listed ? $" and {counts.Count - Listed} more extensions" : "";
        return $"{counts.Sum(kind => kind.Count)} files of types that are not read: {string.Join(", ", kinds)}{more}";
    }

    private static string[] Optional(long count, string name) => count > 0 ? [$"{count} {name}"] : [];

    private static Dictionary<string, MetadataValue> ParseMetadata(string[] pairs)
    {
        Dictionary<string, MetadataValue> metadata = [];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UsageException($"--meta wants NAME=VALUE, found '{pair}'.");
            }

            string value = pair[(equals + 1)..];
            metadata[pair[..equals]] = value switch
            {
                "true" => true,
                "false" => false,
                _ when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
                _ => value,
            };
        }

        return metadata;
    }
}
