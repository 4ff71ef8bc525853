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
    AskCommand.Create(global),
    StatusCommand.Create(global),
    CollectionsCommand.CreateList(global),
    CollectionsCommand.CreateDelete(global),
    CollectionsCommand.CreateRename(global),
    RetryCommand.Create(global),
    RemoveCommand.Create(global),
    VerifyCommand.Create(global),
    KeysCommand.Create(global),
    BackupCommand.CreateBackup(global),
    BackupCommand.CreateRestore(global),
    CopyCommands.CreatePush(global),
    CopyCommands.CreatePull(global),
    CopyCommands.CreateCopies(global),
    TuneCommand.Create(global),
    TiersCommand.Create(global),
    StatsCommand.Create(global),
    ReportCommand.Create(global),
    FaissCommands.CreateExport(global),
    FaissCommands.CreateImport(global),
    BinarizerCommand.Create(global),
    ServeCommand.Create(global),
    McpCommand.Create(global),
    AgentCommand.Create(global),
    ModelsCommand.Create(global),
    AttributesCommand.Create(global),
    DoctorCommand.Create(global),
    DemoCommand.Create(global),
};
global.AddTo(root);

if (args.Length == 0)
{
    await root.Parse(["--help"]).InvokeAsync();
    return ExitCode.Usage;
}

// Without bundling -foo is a word of a query, not the filter "oo".
ParseResult parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false });
List<string> problems = [.. parsed.Errors.Select(error => WithoutTypeNames(error.Message)), .. UnknownOptions.Describe(parsed)];
if (problems.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
{
    problems.ForEach(Terminal.WriteError);

    await Console.Error.WriteLineAsync($"See: mvr {GetPath(parsed.CommandResult)}--help");
    return ExitCode.Usage;
}

InvocationConfiguration invocation = new()
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
};
return await CommandRunner.RunAsync(() => parsed.InvokeAsync(invocation));

// "binarizer train ", nothing for the root.
static string GetPath(System.CommandLine.Parsing.CommandResult result) => result.Parent is System.CommandLine.Parsing.CommandResult parent
    ? $"{GetPath(parent)}{result.Command.Name} " : "";

// Names of types in the code say nothing to who typed the command.
static string WithoutTypeNames(string message) => message
    .Replace("as expected type 'System.Nullable`1[System.Double]'", "as a number", StringComparison.Ordinal)
    .Replace("as expected type 'System.Double'", "as a number", StringComparison.Ordinal)
    .Replace("as expected type 'System.Nullable`1[System.Int32]'", "as a whole number", StringComparison.Ordinal)
    .Replace("as expected type 'System.Int32'", "as a whole number", StringComparison.Ordinal);
