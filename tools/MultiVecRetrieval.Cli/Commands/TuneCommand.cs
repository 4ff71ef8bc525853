using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr tune</c>: measure tiers on a collection's own entries, recommend one, and use it on request.</summary>
internal static class TuneCommand
{
    public static Command Create(GlobalOptions global)
    {
        Option<string?> space = new("--space") { Description = "The vector space (default: the first).", HelpName = "NAME" };
        Option<double> recall = new("--recall") { Description = "The recall@top wanted, in (0, 1].", DefaultValueFactory = _ => 0.95 };
        Option<int> top = new("--top", "-k") { Description = "How many hits a search asks for.", DefaultValueFactory = _ => 10 };
        Option<string[]> tiers =
            new("--tier")
            {
                Description = "A tier to try, for instance bits:2 or ward:4/int8; repeatable (default: a list).",
                HelpName = "SPEC",
                DefaultValueFactory = _ => []
            };
        Option<FileInfo?> queries =
            new("--queries")
            {
                Description = "Your queries: one {\"id\",\"query\"} a line (default: made from the collection).",
                HelpName = "FILE.jsonl"
            };
        Option<int> limit = new("--entries") { Description = "Entries measured on at most.", DefaultValueFactory = _ => 20_000 };
        Option<bool> apply = new("--apply") { Description = "Build the recommended tier and use it from now on." };
        Command command =
            new("tune", "Measure how small and fast searches can be at a recall, on your own data.") { space, recall, top, tiers, queries,
            limit, apply };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            Collection collection = parsed.GetValue(apply) ? library.GetWritableCollection(name) : library.GetCollection(name);
            string tuned = TiersCommand.ChooseSpace(collection, name, parsed.GetValue(space));
            TuneReport report = await library.TuneAsync(
                name,
                new TuneRequest
                {
                    Space = tuned,
                    Recall = Check("--recall", parsed.GetValue(recall)),
                    Top = Check("--top", parsed.GetValue(top), 1, 1000),
                    EntryLimit = Check("--entries", parsed.GetValue(limit), 100, 1_000_000),
                    Tiers = parsed.GetValue(tiers)!,
                },
                parsed.GetValue(queries) is { } file ? [.. QueryFile.Read(file.FullName).Select(line => line.Query)] : [],
                parsed.GetValue(apply),
                new Progress(),
                cancellationToken);
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(report);
            }
            else
            {
                Print(report);
            }

            if (parsed.GetValue(apply) && report.Recommended is { } tier)
            {
                TiersCommand.Build(collection, cancellationToken);
                Terminal.WriteNotice(
                    $"searches of {tuned} use {tier} when an exact scan would take longer than the latency target, or when a recall is asked for");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(TuneReport report)
    {
        IAnsiConsole console = Terminal.Out;
        console.MarkupLineInterpolated(
            $"[bold]{report.Space}[/]: {report.SampledEntryCount} of {report.EntryCount} entries; queries from {report.QueriesFrom}: {report.TuningQueryCount} chose, {report.HeldOutQueryCount} verified");
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumns("tier", "bytes/entry", "candidates", "ms (1 thread)", $"recall@{report.Top} [[95 %]]", "train s",
            "encode ms/entry", "best");
        table.AddRow("exact", Text(report.ExactBytesPerEntry, "n0"), "all", Text(report.ExactMs, "n2"), "1", "", "", "");
        foreach (TierMeasurement tier in report.Tiers)
        {
            if (tier.Problem is not null)
            {
                table.AddRow(Markup.Escape(tier.Tier), "", "", "", "see below", "", "", "");
                continue;
            }

            table.AddRow(
                Markup.Escape(tier.Tier), Text(tier.BytesPerEntry, "n0"), tier.Budget == report.EntryCount
                    ? "all"
                    : Text(tier.Budget, "n0"), Text(tier.Milliseconds, "n2"),
                string.Create(CultureInfo.InvariantCulture, $"{tier.Recall:0.000} [[{tier.RecallLow:0.000}, {tier.RecallHigh:0.000}]]"),
                Text(tier.TrainSeconds, "n1"), Text(tier.EncodeMsPerEntry, "n2"), tier.IsParetoOptimal ? "*" : "");
        }

        console.Write(table);
        foreach (TierMeasurement tier in report.Tiers.Where(tier => tier.Problem is not null))
        {
            console.MarkupLineInterpolated($"{tier.Tier}: {tier.Problem}");
        }

        console.MarkupLineInterpolated($"{report.Reason}");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static double Check(string option, double value) =>
        value is > 0 and <= 1
            ? value
            : throw new UsageException($"{option} must be in (0, 1], found {value.ToString(CultureInfo.InvariantCulture)}.");

    private static int Check(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"{option} must be in [{least}, {most}], found {value}.");

    private sealed class Progress : IProgress<string>
    {
        public void Report(string value) => Terminal.WriteNotice(value);
    }
}
