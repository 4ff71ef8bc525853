using System.CommandLine;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr retry</c>: try the failed files again.</summary>
internal static class RetryCommand
{
    public static Command Create(GlobalOptions global)
    {
        Command command = new("retry", "Try again the files that failed, are incomplete, or were interrupted.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string collection = parsed.GetRequiredValue(global.Collection);
            return await IndexCommand.RunAsync(
                progress => library.RetryAsync(collection, progress, cancellationToken), parsed.GetValue(global.Json));
        });
        return command;
    }
}
