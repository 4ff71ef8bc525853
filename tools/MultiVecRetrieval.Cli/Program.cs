using System.CommandLine;
using MultiVecRetrieval.Cli;
using MultiVecRetrieval.Cli.Commands;

GlobalOptions global = new();
RootCommand root = new(
    "MultiVecRetrieval: index images, PDF pages and videos, and find things in them.\n\n" +
    "Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 a native part is missing, 4 not found,\n" +
    "5 some files could not be indexed, 6 locked by another process, 130 cancelled.")
{
    IndexCommand.Create(global),
    SearchCommand.Create(global),
    StatusCommand.Create(global),
    RetryCommand.Create(global),
    RemoveCommand.Create(global),
    VerifyCommand.Create(global),
    TuneCommand.Create(global),
    TiersCommand.Create(global),
    StatsCommand.Create(global),
    FaissCommands.CreateExport(global),
    FaissCommands.CreateImport(global),
    BinarizerCommand.Create(global),
    ServeCommand.Create(global),
    ModelsCommand.Create(global),
    DoctorCommand.Create(global),
    DemoCommand.Create(global),
};
global.AddTo(root);

if (args.Length == 0)
{
    await root.Parse(["--help"]).InvokeAsync();
    return ExitCode.Usage;
}

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        Terminal.WriteError(error.Message);
    }

    string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
    await Console.Error.WriteLineAsync($"See: mvr {command}--help");
    return ExitCode.Usage;
}

InvocationConfiguration invocation = new()
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
};
return await CommandRunner.RunAsync(() => parsed.InvokeAsync(invocation));
