using System.CommandLine;
using System.Globalization;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr models replace</c>, <c>restore</c> and <c>remove</c>: another model for a space, without downtime.</summary>
internal static class ModelsReplaceCommand
{
    public static Command Create(GlobalOptions global)
    {
        Argument<string> space = new("SPACE") { Description = "The space whose place is taken; mvr status lists them." };
        Argument<string> model = new("MODEL") { Description = "Name or folder of the new model." };
        Option<bool> allowMissing = new("--allow-missing")
        {
            Description = "Switch although entries of the old space have no rows in the new one: files that are gone or fail.",
        };
        Command command = new(
            "replace",
            "Let a new model take the place of an old one. Everything is encoded beside it while searches go on; then one switch. The old rows are kept.")
        {
            space, model, allowMissing,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            ReplaceModelRequest request = new()
            {
                Collection = parsed.GetRequiredValue(global.Collection),
                Space = parsed.GetRequiredValue(space),
                Model = parsed.GetRequiredValue(model),
                AllowMissing = parsed.GetValue(allowMissing),
            };
            bool isJson = parsed.GetValue(global.Json);
            ModelReplacement? done = null;
            int code = await IndexCommand.RunAsync(
                async progress => (done = await library.ReplaceModelAsync(request, progress, cancellationToken)).Report, isJson,
                _ => done);
            if (done is null || isJson)
            {
                return done is { IsSwitched: false } ? ExitCode.SomeFailed : code;
            }

            if (done.Agreement is { } agreement)
            {
                Terminal.WriteNotice(string.Create(CultureInfo.InvariantCulture,
                    $"of the ten entries most alike, {agreement:0.00} are the same by {done.OldSpace} and {done.NewSpace}."));
            }

            Terminal.WriteNotice(done.IsSwitched
                ? $"{done.NewSpace} is asked now; {done.OldSpace} is kept (mvr models restore {done.OldSpace} takes it back, "
                    + $"mvr models remove {done.OldSpace} frees its space)."
                : $"{done.OldSpace} is asked still: {done.MissingCount} of its entries have no rows in {done.NewSpace}. "
                    + "mvr status says of which files; mend them, mvr retry, and run it again, or add --allow-missing.");
            return done.IsSwitched ? code : ExitCode.SomeFailed;
        });
        return command;
    }

    public static Command CreateRestore(GlobalOptions global)
    {
        Argument<string> space = new("SPACE") { Description = "A space that was kept." };
        Command command = new("restore", "Take a space back at once that another one took the place of.") { space };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string wanted = parsed.GetRequiredValue(space);
            await library.RestoreSpaceAsync(parsed.GetRequiredValue(global.Collection), wanted, cancellationToken);
            Terminal.WriteNotice($"{wanted} is asked again; the next mvr index encodes what was added since.");
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateRemove(GlobalOptions global)
    {
        Argument<string> space = new("SPACE") { Description = "The space." };
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Command command = new("remove", "Remove a space of a collection with its rows and tiers; files, texts and other spaces stay. Where it took the place of one that is kept, that is asked again.")
        {
            space, yes,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            (string collection, string wanted) = (parsed.GetRequiredValue(global.Collection), parsed.GetRequiredValue(space));
            if (!parsed.GetValue(yes) && !Ask(wanted))
            {
                Terminal.WriteNotice("nothing was removed.");
                return ExitCode.Cancelled;
            }

            await library.RemoveSpaceAsync(collection, wanted, cancellationToken);
            Terminal.WriteNotice($"{wanted} removed from {collection}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static bool Ask(string space)
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException("remove asks before it removes, and nobody can answer here; --yes removes without asking.");
        }

        Console.Error.Write($"Remove the rows of space '{space}'? Only encoding everything again brings them back. [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
