using System.CommandLine;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr serve</c>: the HTTP API and the search page.</summary>
internal static class ServeCommand
{
    public static Command Create(GlobalOptions global)
    {
        Option<string?> urls = new("--urls") { Description = "Address to listen on; anything but loopback needs a key.", HelpName = "URL" };
        Option<string?> apiKey =
            new("--api-key")
            {
                Description = "Key that clients must send (better: environment variable MVR_SERVER__API_KEY).",
                HelpName = "KEY"
            };
        Command command = new("serve", "Serve the search page and the HTTP API.") { urls, apiKey };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(
                Settings.ReadServerArguments(parsed, global, ("server:urls", parsed.GetValue(urls)),
                    ("server:apiKey", parsed.GetValue(apiKey))),
                Settings.Load(parsed, global).Options,
                cancellationToken));
        return command;
    }

    public static async Task<int> RunAsync(string[] args, LibraryOptions library, CancellationToken cancellationToken)
    {
        await using Microsoft.AspNetCore.Builder.WebApplication application = ServerHost.Build(args, library);
        await application.StartAsync(cancellationToken);
        foreach (string url in application.Urls)
        {
            Terminal.WriteNotice($"open {url} (Ctrl-C stops)");
        }

        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await application.StopAsync(CancellationToken.None);
        }

        return ExitCode.Success;
    }
}
