using System.CommandLine;

namespace MultiVecRetrieval.Cli;

/// <summary>Settings from appsettings.json, then the environment, then the command line; the later wins.</summary>
internal static class Settings
{
    private const string FileName = "appsettings.json";

    /// <summary>Opens the library that the settings describe; what its background work warns of is shown.</summary>
    /// <exception cref="InvalidSettingException">A setting is unknown or has a value that is not accepted.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="global">The options that every command has.</param>
    /// <param name="change">Lays options of the command over the settings; null for none.</param>
    public static Library OpenLibrary(ParseResult parsed, GlobalOptions global, Func<LibraryOptions, LibraryOptions>? change = null)
    {
        LibraryOptions options = Load(parsed, global).Options;
        return new Library(change?.Invoke(options) ?? options, new NoticeLog());
    }

    /// <summary>Reads the settings; <c>--config</c> names the file, else the one of the current folder or the one beside the tool is
    /// taken.</summary>
    /// <exception cref="InvalidSettingException">A setting is unknown or has a value that is not accepted.</exception>
    /// <exception cref="FileNotFoundException">The file that <c>--config</c> names is not there.</exception>
    public static LibrarySettings Load(ParseResult parsed, GlobalOptions global)
    {
        Dictionary<string, string> given = ReadFlags(parsed, global);
        if (parsed.GetValue(global.Data) is string data)
        {
            given["dataFolder"] = data;
        }

        string? file = FindFile(parsed.GetValue(global.Config));
        LibrarySettings settings = LibrarySettings.Load(file, environment: null, given);
        if (settings.IsGiven("dataFolder"))
        {
            return settings;
        }

        given["dataFolder"] = DataFolder.FindDefault();
        return LibrarySettings.Load(file, environment: null, given);
    }

    /// <summary>The server's settings as the arguments of its host: <c>--set</c> pairs, then <paramref name="flags"/> that have a
    /// value.</summary>
    public static string[] ReadServerArguments(ParseResult parsed, GlobalOptions global, params (string Name, string? Value)[] flags)
    {
        Dictionary<string, string> given = ReadFlags(parsed, global);
        foreach ((string name, string? value) in flags)
        {
            if (value is not null)
            {
                given[name] = value;
            }
        }

        return [.. given.Select(pair => $"--{pair.Key}={pair.Value}")];
    }

    private static Dictionary<string, string> ReadFlags(ParseResult parsed, GlobalOptions global)
    {
        Dictionary<string, string> given = [];
        foreach (string pair in parsed.GetRequiredValue(global.Set))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UsageException($"--set wants KEY=VALUE, found '{pair}'.");
            }

            given[pair[..equals]] = pair[(equals + 1)..];
        }

        return given;
    }

    private static string? FindFile(string? named)
    {
        if (named is not null)
        {
            return File.Exists(named) ? named : throw new FileNotFoundException($"No settings file at {named}.");
        }

        return File.Exists(FileName) ? FileName : Path.Combine(AppContext.BaseDirectory, FileName);
    }
}
