using System.CommandLine;
using System.Globalization;
using MultiVecRetrieval.Numerics.Kernels;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr tiers</c>: show, build or remove the codes that make searches fast, and change how rows are stored.</summary>
internal static class TiersCommand
{
    public static Command Create(GlobalOptions global)
    {
        Argument<string[]> specs = new("spec")
        {
            Description =
                $"The tiers to have, for instance bits:2 or ward:4/int8; nothing to show those there are. Known: {string.Join(", ", TierKind.All.Select(kind => kind.Name))}; --list says more of each.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> space = new("--space") { Description = "The vector space (default: the first).", HelpName = "NAME" };
        Option<bool> none = new("--none") { Description = "Remove all tiers of the space; it then gets none by itself either." };
        Option<bool> automatic =
            new("--auto") { Description = "Remove tiers that were chosen; one comes by itself when searches would take long." };
        Option<bool> list = new("--list") { Description = "List every kind of tier and of reduction, one line each." };
        Option<string?> rowFormat =
            new("--row-format")
            {
                Description = "Store rows as float32, float16 or int8 from now on; stored ones are rewritten.",
                HelpName = "FORMAT"
            };
        rowFormat.AcceptOnlyFromAmong("float32", "float16", "int8");
        Command command =
            new("tiers", "Show or choose the codes that make searches of large collections fast.") { specs, space, none, automatic, list,
            rowFormat };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            string[] wanted = parsed.GetValue(specs)!;
            bool chooses = wanted.Length > 0 || parsed.GetValue(none);
            if ((wanted.Length > 0 ? 1 : 0) + (parsed.GetValue(none) ? 1 : 0) + (parsed.GetValue(automatic) ? 1 : 0) > 1)
            {
                throw new UsageException("give tiers, --none or --auto, only one of them.");
            }

            bool changes = chooses || parsed.GetValue(automatic) || parsed.GetValue(rowFormat) is not null;
            if (parsed.GetValue(list))
            {
                return changes
                    ? throw new UsageException("--list shows what there is and changes nothing; give it alone.")
                    : TierList.Print(parsed.GetValue(global.Json));
            }

            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            Collection collection = changes ? library.GetWritableCollection(name) : library.GetCollection(name);
            string chosen = ChooseSpace(collection, name, parsed.GetValue(space));
            int dimension = collection.Spaces.First(known => known.Name == chosen).Dimension;
            foreach (string spec in wanted.Except(collection.Tiers.Get(chosen).Select(tier => tier.Spec)))
            {
                TierKind.Check(spec, dimension);
            }

            if (parsed.GetValue(rowFormat) is { } format
                && collection.SetRowFormat(chosen, Enum.Parse<RowFormat>(format, ignoreCase: true)))
            {
                Terminal.WriteNotice(
                    $"stored rows of {chosen} are rounded to {format}; a larger format later does not bring the precision back");
            }

            if (chooses)
            {
                collection.Tiers.Set(chosen, wanted);
            }
            else if (parsed.GetValue(automatic))
            {
                collection.Tiers.SetAutomatic(chosen);
            }

            if (changes)
            {
                Build(collection, cancellationToken);
            }

            Show(collection, chosen, parsed.GetValue(global.Json));
            List<TierStatistics> failed =
                [.. collection.Tiers.Get(chosen).Where(tier => wanted.Contains(tier.Spec) && tier.Problem is not null)];
            failed.ForEach(tier => Terminal.WriteError($"{tier.Spec}: {tier.Problem}"));
            return failed.Count > 0 ? ExitCode.Failure : ExitCode.Success;
        }));
        return command;
    }

    /// <summary>The space of that name, or the first.</summary>
    public static string ChooseSpace(Collection collection, string name, string? wanted)
    {
        IReadOnlyList<Space> spaces = collection.Spaces;
        return wanted is not null && spaces.All(space => space.Name != wanted)
            ? throw new UnknownSpaceException(wanted, [.. spaces.Select(space => space.Name)])
            : wanted ?? (spaces is [Space first, ..] ? first.Name : throw new UsageException($"Collection '{name}' has no vector space."));
    }

    /// <summary>Does the background work here and shows how far it is; what is done is kept when it is cancelled.</summary>
    public static void Build(Collection collection, CancellationToken cancellationToken) =>
        collection.Upkeep.Run(new BuildProgress(), cancellationToken);

    /// <summary>Prints what <c>mvr stats</c> says of one space.</summary>
    public static void Show(Collection collection, string space, bool json)
    {
        SpaceStatistics statistics = collection.GetStatistics().Spaces.First(known => known.Name == space);
        if (json)
        {
            Terminal.WriteJson(statistics);
            return;
        }

        StatsCommand.Print(statistics);
    }

    private sealed class BuildProgress : IProgress<MaintenanceProgress>
    {
        private (MaintenanceStep, string?)? _last;
        private DateTime _written;

        public void Report(MaintenanceProgress value)
        {
            // A line for each step, and one every few seconds of a long one.
            bool isNew = _last != (value.Step, value.Tier);
            if (!isNew && DateTime.UtcNow - _written < TimeSpan.FromSeconds(3))
            {
                return;
            }

            _last = (value.Step, value.Tier);
            _written = DateTime.UtcNow;
            string share = value.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {100.0 * value.Done / value.Total:0} %") : "";
            Terminal.Error.MarkupLineInterpolated(
                $"[grey]{value.Space}: {value.Step.ToString().ToLowerInvariant()} {value.Tier ?? ""}{share}[/]");
        }
    }
}
