using System.CommandLine;

namespace MultiVecRetrieval.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Collection { get; } = new("--collection", "-c")
    {
        Description = "Name of the collection.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data", "-d")
    {
        Description = "Folder where collections live (default: indexes in the current folder, else one of your own; mvr collections shows it).",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Machine-readable output: one JSON object on standard output.",
        Recursive = true,
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Override a setting of appsettings.json, for instance --set media:maxImagePixels=500000000. Repeatable.",
        HelpName = "KEY=VALUE",
        Recursive = true,
        DefaultValueFactory = _ => [],
    };

    public Option<string?> Config { get; } = new("--config")
    {
        Description = "Settings file (default: appsettings.json in the current folder, then beside the tool).",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The collection that the command line names; null where it names none.</summary>
    public string? FindCollection(ParseResult parsed) =>
        parsed.GetResult(Collection) is { Implicit: false } ? parsed.GetRequiredValue(Collection) : null;

    public void AddTo(Command root)
    {
        root.Options.Add(Collection);
        root.Options.Add(Data);
        root.Options.Add(Json);
        root.Options.Add(Set);
        root.Options.Add(Config);
    }
}
