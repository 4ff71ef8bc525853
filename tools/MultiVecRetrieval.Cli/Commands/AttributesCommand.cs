using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr attributes</c>: name properties of what entries show, with their values.</summary>
internal static class AttributesCommand
{
    private const int ListedValues = 20;

    public static Command Create(GlobalOptions global)
    {
        Command command = new("attributes", "Show, name or remove attributes: properties of what entries show, for filters and facets.")
        {
            CreateSet(global), CreateRemove(global),
        };
        command.SetAction((parsed, _) => Task.Run(() =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            Show(library, name, library.Attributes.List(name), parsed.GetValue(global.Json));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command CreateSet(GlobalOptions global)
    {
        Argument<string> name = new("NAME") { Description = "The attribute; entries have its values as the field attribute.NAME." };
        Argument<string[]> values = new("VALUE")
        {
            Description = "The values that entries may have, such as red green blue.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> template = new("--template")
        {
            Description = "The text that is compared with entries; {} stands for a value.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "{}",
        };
        Option<string?> space = new("--space")
        {
            Description = "The vector space (default: the first that compares words with pictures, else with texts).",
            HelpName = "NAME",
        };
        Option<bool> multiple = new("--multiple") { Description = "Give an entry every value that is there, not only the most similar one." };
        Option<double?> threshold = new("--threshold")
        {
            Description = "Similarity from which a value is there, in [-1, 1] (default: the model's).",
            HelpName = "NUMBER",
        };
        Command command = new("set", "Name an attribute and look for its values in every entry; later runs of index look in new ones.")
        {
            name, values, template, space, multiple, threshold,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string collection = parsed.GetRequiredValue(global.Collection);
            AttributeDefinition attribute = new()
            {
                Name = parsed.GetRequiredValue(name),
                Values = parsed.GetRequiredValue(values),
                Template = parsed.GetRequiredValue(template),
                Space = parsed.GetValue(space),
                IsMultiple = parsed.GetValue(multiple),
                Threshold = parsed.GetValue(threshold),
            };
            IReadOnlyList<string> notices =
                await library.Attributes.SetAsync(collection, attribute, new StepLines(), cancellationToken);
            foreach (string notice in notices)
            {
                Terminal.WriteNotice(notice);
            }

            Show(library, collection, [.. library.Attributes.List(collection).Where(state => state.Attribute.Name == attribute.Name)],
                parsed.GetValue(global.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateRemove(GlobalOptions global)
    {
        Argument<string> name = new("NAME") { Description = "The attribute." };
        Command command = new("remove", "Remove an attribute with its values.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string wanted = parsed.GetRequiredValue(name);
            if (!await library.Attributes.RemoveAsync(parsed.GetRequiredValue(global.Collection), wanted, cancellationToken))
            {
                throw new UsageException($"there is no attribute '{wanted}'.");
            }

            Terminal.WriteNotice($"{wanted} removed.");
            return ExitCode.Success;
        });
        return command;
    }

    private static void Show(Library library, string collection, IReadOnlyList<AttributeState> states, bool json)
    {
        (AttributeState State, Facet Values)[] counted =
        [
            .. states.Select(state => (state, library.GetCollection(collection).Entries.CountValues(
                $"attribute.{state.Attribute.Name}", limit: json ? int.MaxValue : ListedValues))),
        ];
        if (json)
        {
            Terminal.WriteJson(counted.Select(one => new
            {
                one.State.Attribute.Name,
                one.State.Attribute.Values,
                one.State.Attribute.Template,
                one.State.Attribute.Space,
                one.State.Attribute.IsMultiple,
                one.State.Attribute.Threshold,
                one.State.WaitingEntryCount,
                Counts = one.Values.Values.Select(value => new { value.Value.Value, value.Count }),
            }));
            return;
        }

        if (counted.Length == 0)
        {
            Terminal.WriteNotice("no attributes; mvr attributes set NAME VALUE VALUE ... names one.");
        }

        foreach ((AttributeState state, Facet values) in counted)
        {
            string waiting = state.WaitingEntryCount == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
                $" ({state.WaitingEntryCount} entries wait for mvr index)");
            Terminal.Out.MarkupLineInterpolated($"[bold]attribute.{state.Attribute.Name}[/]{waiting}");
            foreach (FacetValue value in values.Values)
            {
                Terminal.Out.MarkupLineInterpolated($"  {value.Count,8}  {value.Value.Value?.ToString() ?? ""}");
            }

            if (values.Values.Count == 0)
            {
                Terminal.Out.MarkupLine("  no entry has one of its values");
            }
        }
    }

    // Progress comes once in a thousand entries.
    private sealed class StepLines : IProgress<string>
    {
        public void Report(string value) => Terminal.Error.MarkupLineInterpolated($"[grey]{value}[/]");
    }
}
