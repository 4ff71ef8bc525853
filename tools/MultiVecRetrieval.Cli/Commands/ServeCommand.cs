using System.CommandLine;
using MultiVecRetrieval.Cli.Agents;
using MultiVecRetrieval.Cli.Services;
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
        Option<bool> systemdUnit = new("--systemd-unit")
        {
            Description = "Serve nothing; print the unit file with which systemd runs this command, with its other options.",
        };
        Command command = new("serve", "Serve the search page and the HTTP API.") { urls, apiKey, systemdUnit };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(systemdUnit)
            ? Task.FromResult(PrintUnit(parsed, global, parsed.GetValue(urls), parsed.GetValue(apiKey)))
            : RunAsync(
                Settings.ReadServerArguments(parsed, global, ("server:urls", parsed.GetValue(urls)),
                    ("server:apiKey", parsed.GetValue(apiKey))),
                Settings.Load(parsed, global).Options,
                cancellationToken));
        return command;
    }

    private static int PrintUnit(ParseResult parsed, GlobalOptions global, string? urls, string? apiKey)
    {
        if (apiKey is not null)
        {
            throw new UsageException(
                $"Everybody can read a unit file; write the key into {ServiceUnit.SecretsFile} as MVR_SERVER__API_KEY=KEY in place of --api-key.");
        }

        List<string> arguments = ["serve", "--data", Path.GetFullPath(Settings.Load(parsed, global).Options.DataFolder)];
        if (urls is not null)
        {
            arguments.AddRange(["--urls", urls]);
        }

        if (parsed.GetValue(global.Config) is { } config)
        {
            arguments.AddRange(["--config", Path.GetFullPath(config)]);
        }

        arguments.AddRange(parsed.GetRequiredValue(global.Set).SelectMany(pair => (string[])["--set", pair]));
        Console.Out.Write(ServiceUnit.Write(AgentProgram.OfThisTool(arguments), Environment.CurrentDirectory));
        return ExitCode.Success;
    }

    public static async Task<int> RunAsync(string[] args, LibraryOptions library, CancellationToken cancellationToken)
    {
        // Signals are listened to once this method has returned for the first time: one that comes while the server starts is not lost.
        await Task.Yield();
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
