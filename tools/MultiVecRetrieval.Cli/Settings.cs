using System.CommandLine;
using MultiVecRetrieval.Ingestion;

namespace MultiVecRetrieval.Cli;

/// <summary>Settings from appsettings.json, the environment and the command line, in that order of precedence.</summary>
internal static class Settings
{
    /// <summary>Opens the library that the settings describe.</summary>
    /// <exception cref="UsageException">A setting has a value it cannot have; the message names both.</exception>
    public static Library OpenLibrary(ParseResult parsed, GlobalOptions global) => new(ReadLibraryOptions(parsed, global));

    public static LibraryOptions ReadLibraryOptions(ParseResult parsed, GlobalOptions global)
    {
        LibraryOptions options = new();
        return parsed.GetValue(global.Data) is string data ? options with { DataFolder = data } : options;
    }

    /// <summary>The server's settings as the command line arguments of its host.</summary>
    public static string[] ReadServerArguments(ParseResult parsed, GlobalOptions global, string? urls, string? apiKey)
    {
        List<string> args = [];
        if (urls is not null)
        {
            args.Add($"--server:urls={urls}");
        }

        if (apiKey is not null)
        {
            args.Add($"--server:apiKey={apiKey}");
        }

        args.AddRange(parsed.GetRequiredValue(global.Set).Select(pair => "--" + pair));
        return [.. args];
    }
}
