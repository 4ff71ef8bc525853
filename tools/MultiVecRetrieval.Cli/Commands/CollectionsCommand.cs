using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr collections</c>, <c>delete</c> and <c>rename</c>: the collections of the data folder as wholes.</summary>
internal static class CollectionsCommand
{
    public static Command CreateList(GlobalOptions global)
    {
        Command command = new("collections", "List the collections, and the folder that they live in.");
        command.SetAction(parsed =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string folder = Path.GetFullPath(library.Options.DataFolder);
            List<CollectionSummary> collections = [];
            bool isWhole = true;
            foreach (string name in library.ListCollections())
            {
                if (library.TryGetCollection(name, out string? problem) is null)
                {
                    Terminal.WriteError($"collection {name} cannot be read: {problem}");
                    isWhole = false;
                    continue;
                }

                collections.Add(library.DescribeCollection(name));
            }

            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(new
                {
                    folder,
                    collections = collections.Select(collection => new
                    {
                        collection.Name,
                        documents = collection.Statistics.DocumentCount,
                        entries = collection.Statistics.EntryCount,
                        collection.Statistics.SizeInBytes,
                        collection.Roots,
                    }),
                });
                return isWhole ? ExitCode.Success : ExitCode.Failure;
            }

            Print(folder, collections);
            return isWhole ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    public static Command CreateDelete(GlobalOptions global)
    {
        Argument<string> name = new("name") { Description = "The collection.", HelpName = "NAME" };
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Command command = new("delete", "Delete a collection with its vectors and uploads; indexed files stay.") { name, yes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string wanted = parsed.GetRequiredValue(name);
            Collection collection = library.GetCollection(wanted);
            if (!parsed.GetValue(yes) && !Ask(wanted, collection))
            {
                Terminal.WriteNotice("nothing was deleted.");
                return ExitCode.Cancelled;
            }

            await library.DeleteCollectionAsync(wanted, cancellationToken);
            Report(parsed.GetValue(global.Json), new { deleted = wanted }, $"{wanted} deleted");
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateRename(GlobalOptions global)
    {
        Argument<string> name = new("old") { Description = "The collection.", HelpName = "OLD" };
        Argument<string> newName = new("new") { Description = "Its new name.", HelpName = "NEW" };
        Command command = new("rename", "Give a collection another name.") { name, newName };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            (string from, string to) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(newName));
            await library.RenameCollectionAsync(from, to, cancellationToken);
            Report(parsed.GetValue(global.Json), new { renamed = from, to }, $"{from} is {to} now");
            return ExitCode.Success;
        });
        return command;
    }

    private static bool Ask(string name, Collection collection)
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException("delete asks before it deletes, and nobody can answer here; --yes deletes without asking.");
        }

        Console.Error.Write($"Delete '{name}' with {collection.GetStatistics().DocumentCount} documents, in {collection.Folder}? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Report<T>(bool json, T value, string text)
    {
        if (json)
        {
            Terminal.WriteJson(value);
        }
        else
        {
            Terminal.Out.MarkupLineInterpolated($"{text}");
        }
    }

    private static void Print(string folder, List<CollectionSummary> collections)
    {
        Terminal.Out.MarkupLineInterpolated($"{folder}");
        if (collections.Count == 0)
        {
            Terminal.WriteNotice("there is no collection yet; mvr index PATHS makes one.");
            return;
        }

        Table table = new() { Border = TableBorder.Simple };
        table.AddColumns("collection", "documents", "entries", "MiB", "folders");
        foreach (CollectionSummary collection in collections)
        {
            table.AddRow(
                Markup.Escape(collection.Name),
                Text(collection.Statistics.DocumentCount, "n0"), Text(collection.Statistics.EntryCount, "n0"),
                Text(collection.Statistics.SizeInBytes / 1048576.0, "n1"), Markup.Escape(string.Join(", ", collection.Roots)));
        }

        Terminal.Out.Write(table);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
