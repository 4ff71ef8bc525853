using System.CommandLine;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr remove</c>: take documents out of a collection.</summary>
internal static class RemoveCommand
{
    public static Command Create(GlobalOptions global)
    {
        Argument<string[]> keys = new("keys") { Description = "Document keys.", Arity = ArgumentArity.OneOrMore };
        Command command = new("remove", "Remove documents from a collection; the files themselves stay.") { keys };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string collection = parsed.GetRequiredValue(global.Collection);
            List<string> unknown = [];
            foreach (string key in parsed.GetRequiredValue(keys))
            {
                if (!await library.RemoveDocumentAsync(collection, key, cancellationToken))
                {
                    unknown.Add(key);
                }
            }

            int removed = parsed.GetRequiredValue(keys).Length - unknown.Count;
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(new { removed, unknown });
            }
            else
            {
                Terminal.Out.MarkupLineInterpolated($"{removed} removed");
                unknown.ForEach(key => Terminal.WriteError($"no document '{key}'"));
            }

            return unknown.Count > 0 ? ExitCode.NotFound : ExitCode.Success;
        });
        return command;
    }
}
