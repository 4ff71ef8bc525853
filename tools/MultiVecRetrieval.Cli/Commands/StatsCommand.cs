using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr stats</c>: bytes per entry by tier, and what each tier was measured to find.</summary>
internal static class StatsCommand
{
    private static readonly int[] ShownBudgets = [50, 200, 1000];

    public static Command Create(GlobalOptions global)
    {
        Command command = new("stats", "Show bytes per entry by tier, what is still to be built, and the measured recall.");
        command.SetAction(parsed =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            CollectionStatistics statistics = library.GetCollection(parsed.GetRequiredValue(global.Collection)).GetStatistics();
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(statistics);
                return ExitCode.Success;
            }

            foreach (SpaceStatistics space in statistics.Spaces)
            {
                Print(space);
            }

            Terminal.WriteBackgroundProblem(statistics);
            return ExitCode.Success;
        });
        return command;
    }

    public static void Print(SpaceStatistics space)
    {
        IAnsiConsole console = Terminal.Out;
        long entries = Math.Max(1, space.EntryCount);
        string chosen = space.AreTiersChosen ? "tiers were chosen" : "tiers are automatic";
        console.MarkupLineInterpolated(
            $"[bold]{space.Name}[/]: {space.EntryCount} entries, {Text(space.RowCount / (double)entries, "n1")} rows each; {chosen}");
        if (space.OldFormatSegmentCount > 0)
        {
            console.MarkupLineInterpolated(
                $"{space.OldFormatSegmentCount} segments are still to be rewritten as {space.RowFormat.ToString().ToLowerInvariant()}");
        }

        Table table = new() { Border = TableBorder.Simple };
        table.AddColumns("tier", "bytes/entry", "MiB", "encoded", "recall@10 at 50, 200, 1,000 candidates", "measured on", "state");
        table.AddRow(
            $"rows ({space.RowFormat.ToString().ToLowerInvariant()})", Text(space.SizeInBytes / (double)entries, "n0"),
                Text(space.SizeInBytes / 1048576.0, "n1"), "all", "1", "", "exact");
        foreach (TierStatistics tier in space.Tiers)
        {
            table.AddRow(
                Markup.Escape(tier.Spec), Text(tier.BytesPerEntry, "n0"),
                    Text((tier.SizeInBytes + tier.ParametersSizeInBytes) / 1048576.0, "n1"), Text(tier.EncodedEntryCount, "n0"),
                tier.Calibration is { } known ? string.Join(", ", ShownBudgets.Select(budget => Recall(known, budget))) : "",
                tier.Calibration is { } measured
                    ? $"{measured.QueryCount} queries ({measured.Queries}), {measured.EntryCount} entries"
                    : "",
                Markup.Escape(State(tier)));
        }

        console.Write(table);
        foreach (TierStatistics tier in space.Tiers.Where(tier => tier.Calibration?.Check is not null))
        {
            console.MarkupLineInterpolated($"{tier.Spec}: {Describe(tier.Calibration!.Check!)}");
        }

        foreach (TierStatistics tier in space.Tiers.Where(tier => tier.Problem is not null))
        {
            console.MarkupLineInterpolated($"{tier.Spec}: {tier.Problem}");
        }
    }

    private static string Describe(TierCheck check)
    {
        string drift = check.Drift is { } factor
            ? $"; codes of added entries err {Text(factor, "0.00")} times as much as those it was trained on"
            : "";
        string end = check.HasDrifted ? ", so it is trained anew" : "";
        return $"checked {check.CheckedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC with {check.QueryCount} queries: recall@{check.Top} {Text(check.Recall, "0.000")} "
            + $"at {Text(check.Budget, "n0")} candidates, {Text(check.PromisedRecall, "0.000")} promised{drift}{end}";
    }

    private static string Recall(TierCalibration calibration, int budget) =>
        calibration.Budgets.Where(step => step.Top == 10 && step.Budget <= budget).MaxBy(step => step.Budget) is { } step
            ? Text(step.Recall, "0.000") : "-";

    private static string State(TierStatistics tier) =>
        tier.Problem is not null ? "see below" : !tier.IsTrained ? "to be trained"
            : tier.MissingFileCount > 0 ? $"{tier.MissingFileCount} segments to encode"
            : tier.Calibration is null ? "to be measured" : tier.HasUpperBounds ? "ready, proves" : "ready";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
