using System.CommandLine;
using ModelContextProtocol.Server;
using MultiVecRetrieval.Mcp;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr mcp</c>: the tools for agents over standard input and output.</summary>
internal static class McpCommand
{
    private const string AllowIndexName = "--allow-index";

    public static Command Create(GlobalOptions global)
    {
        Option<string[]> allowIndex = CreateAllowIndex();
        Command command = new(
            "mcp",
            "Serve agents over standard input and output (Model Context Protocol). Searches all collections unless --collection names one.")
        {
            allowIndex,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            () => Settings.OpenLibrary(parsed, global), global.FindCollection(parsed), parsed.GetRequiredValue(allowIndex),
            cancellationToken));
        return command;
    }

    /// <summary>The option that lets agents index.</summary>
    public static Option<string[]> CreateAllowIndex() => new(AllowIndexName)
    {
        Description = "Let agents index files below this folder. Repeatable (default: they may only read).",
        HelpName = "PATH",
        DefaultValueFactory = _ => [],
    };

    private static async Task<int> RunAsync(
        Func<Library> open, string? collection, string[] folders, CancellationToken cancellationToken)
    {
        foreach (string folder in folders.Where(folder => !Directory.Exists(folder)))
        {
            throw new UsageException($"{AllowIndexName}: there is no folder {folder}.");
        }

        // Standard output carries the protocol alone, whatever a library may want to print.
        Console.SetOut(Console.Error);
        using Library library = open();
        using NoticeLog log = new();
        McpServerOptions server = new();
        LibraryTools.AddTo(
            server,
            library,
            new McpOptions
            {
                DefaultCollection = collection,
                IndexFolders = folders.Length == 0 ? null : new AllowedFolders([.. folders.Select(Path.GetFullPath)], AllowIndexName),
            },
            log.CreateLogger(nameof(McpCommand)));

        // Jobs that a former process left are told apart from those that run. It opens collections, so it waits for nobody.
        Task marking = folders.Length == 0 ? Task.CompletedTask : Task.Run(library.Jobs.MarkInterrupted, CancellationToken.None);
        await using StdioServerTransport transport = new(server, log);

        // What a client asks wrongly is answered, and is no failure to tell the user of; tools log their own.
        await using McpServer running = McpServer.Create(transport, server, loggerFactory: null);
        await running.RunAsync(cancellationToken);
        await marking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }
}
