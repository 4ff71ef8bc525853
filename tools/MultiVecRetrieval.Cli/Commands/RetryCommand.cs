using System.CommandLine;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr retry</c>: try the failed files again.</summary>
internal static class RetryCommand
{
    public static Command Create(GlobalOptions global)
    {
        Command command = new("retry", "Try again the files that failed, are incomplete, or were interrupted.");
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string collection = parsed.GetRequiredValue(global.Collection);
            return IndexCommand.Run(progress => library.Retry(collection, progress, cancellationToken), parsed.GetValue(global.Json));
        }));
        return command;
    }
}
