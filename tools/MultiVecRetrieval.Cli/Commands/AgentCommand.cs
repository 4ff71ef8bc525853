using System.CommandLine;
using MultiVecRetrieval.Cli.Agents;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr agent</c>: the settings with which agents start <c>mvr mcp</c>.</summary>
internal static class AgentCommand
{
    private const string StandardName = "multivecretrieval";

    public static Command Create(GlobalOptions global) => new("agent", "Connect agents such as Claude, Cursor, VS Code or Codex.")
    {
        CreateInstall(global),
    };

    private static Command CreateInstall(GlobalOptions global)
    {
        Argument<string?> agent = new("agent")
        {
            Description = "Which agent; without it they are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> print = new("--print") { Description = "Print what would be written (the default)." };
        Option<bool> write = new("--write") { Description = "Write it; a file that is there is kept beside, with .bak behind its name." };
        Option<string> name = new("--name")
        {
            Description = "Name of the entry.",
            DefaultValueFactory = _ => StandardName,
            HelpName = "NAME",
        };
        Option<string[]> allowIndex = McpCommand.CreateAllowIndex();
        Command command = new("install", "Print or write the settings with which an agent starts mvr mcp over this data folder.")
        {
            agent, print, write, name, allowIndex,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Agent> known = KnownAgents.List(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                Environment.GetEnvironmentVariable);
            if (parsed.GetValue(print) && parsed.GetValue(write))
            {
                throw new UsageException("--print and --write do not go together.");
            }

            if (parsed.GetValue(agent) is not { } wanted)
            {
                return List(known);
            }

            Agent found = known.FirstOrDefault(other => other.Name == wanted) ?? throw new UsageException(
                $"'{wanted}' is not known; known are {string.Join(", ", known.Select(other => other.Name))}.");
            string server = CheckName(parsed.GetRequiredValue(name));
            AgentProgram program = AgentProgram.OfThisTool(ReadArguments(parsed, global, parsed.GetRequiredValue(allowIndex)));
            return parsed.GetValue(write) ? Write(found, server, program) : Print(found, server, program);
        });
        return command;
    }

    private static int List(IReadOnlyList<Agent> known)
    {
        foreach (Agent agent in known)
        {
            Terminal.Out.MarkupLineInterpolated($"[bold]{agent.Name}[/]  {agent.Title}{(File.Exists(agent.File) ? "" : "; no file yet")}");
            Terminal.Out.MarkupLineInterpolated($"  [grey]{agent.File}[/]");
        }

        return ExitCode.Success;
    }

    private static int Print(Agent agent, string server, AgentProgram program)
    {
        Terminal.WriteNotice($"{agent.Title} reads this from {agent.File}; with --write it is added there:");
        Console.Out.Write(agent.Merge(null, server, program));
        return ExitCode.Success;
    }

    private static int Write(Agent agent, string server, AgentProgram program)
    {
        string merged;
        try
        {
            merged = agent.Merge(File.Exists(agent.File) ? File.ReadAllText(agent.File) : null, server, program);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"{agent.File} is left as it is: {wrong.Message}.");
        }

        string? kept = AgentFile.Replace(agent.File, merged);
        Terminal.WriteNotice($"{agent.File} has the entry {server}{(kept is null ? "" : $"; the former file is {kept}")}. Restart {agent.Title}.");
        return ExitCode.Success;
    }

    // An agent starts in a folder of its own, so every path is absolute.
    private static List<string> ReadArguments(ParseResult parsed, GlobalOptions global, string[] folders)
    {
        List<string> arguments = ["mcp", "--data", Path.GetFullPath(Settings.Load(parsed, global).Options.DataFolder)];
        if (global.FindCollection(parsed) is { } collection)
        {
            arguments.AddRange(["--collection", collection]);
        }

        if (parsed.GetValue(global.Config) is { } config)
        {
            arguments.AddRange(["--config", Path.GetFullPath(config)]);
        }

        foreach (string pair in parsed.GetRequiredValue(global.Set))
        {
            arguments.AddRange(["--set", pair]);
        }

        foreach (string folder in folders)
        {
            arguments.AddRange(["--allow-index", Path.GetFullPath(folder)]);
        }

        return arguments;
    }

    private static string CheckName(string name) =>
        name.Length is > 0 and <= 64 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            ? name
            : throw new UsageException($"--name is '{name}'; it must be 1 to 64 letters, digits, '-' and '_'.");
}
