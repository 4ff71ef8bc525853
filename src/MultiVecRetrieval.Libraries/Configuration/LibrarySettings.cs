using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using MultiVecRetrieval.Libraries.Configuration;

namespace MultiVecRetrieval;

/// <summary>
/// Settings from a JSON file, then from environment variables, then from flags; the later wins. Every setting has one name
/// (<c>media:maxPages</c>), one environment variable (<c>MVR_MEDIA__MAX_PAGES</c>) and one place in the file.
/// </summary>
public sealed class LibrarySettings
{
    // Sections that belong to other parts of an application; their owner reads and checks them.
    private static readonly string[] ForeignSections = ["server", "logging", "kestrel", "allowedHosts", "urls"];

    private static readonly string[] OwnSections = ["answer", "encoder", "media", "sampling"];

    private readonly Dictionary<string, GivenSetting> _values;

    private LibrarySettings(LibraryOptions options, Dictionary<string, GivenSetting> values)
    {
        _values = values;
        Options = options;
    }

    /// <summary>The settings as options; validated.</summary>
    public LibraryOptions Options { get; }

    /// <summary>Reads the settings.</summary>
    /// <param name="path">A JSON file, which may have comments and trailing commas; null or a file that is not there: defaults.</param>
    /// <param name="environment">Environment variables; null takes those of the process.</param>
    /// <param name="flags">Setting name to value, as given on a command line.</param>
    /// <exception cref="InvalidSettingException">A setting is unknown or has a value that is not accepted.</exception>
    public static LibrarySettings Load(
        string? path = null, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string, string>? flags = null)
    {
        JsonObject file = path is not null && File.Exists(path) ? ReadFile(path) : [];
        Dictionary<string, GivenSetting> values = new(StringComparer.Ordinal);
        Flatten(file, prefix: "", $"in {path}", values);
        foreach ((string name, string value) in environment ?? ProcessEnvironment())
        {
            if (name.StartsWith(SettingName.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                string key = SettingName.Normalize(name[SettingName.EnvironmentPrefix.Length..]);
                values[key] = new GivenSetting(name, value, $"environment variable {name}", IsEnvironment: true);
            }
        }

        foreach ((string name, string value) in flags ?? new Dictionary<string, string>())
        {
            values[SettingName.Normalize(name)] = new GivenSetting(name, value, "flag", IsEnvironment: false);
        }

        return new LibrarySettings(Bind(values), values);
    }

    /// <summary>The options that a section of a configuration gives, by the names of the settings; case is ignored.</summary>
    /// <exception cref="InvalidSettingException">A setting is unknown or has a value that is not accepted.</exception>
    public static LibraryOptions Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Dictionary<string, GivenSetting> values = new(StringComparer.Ordinal);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            Flatten(child, prefix: "", $"in configuration section {section.Path}", values);
        }

        return Bind(values);
    }

    /// <summary>True when the file, the environment or a flag gives the setting.</summary>
    /// <param name="name">Its name, for instance <c>dataFolder</c>.</param>
    public bool IsGiven(string name) => _values.ContainsKey(SettingName.Normalize(name));

    /// <summary>
    /// A section of the file that is not about the library, with environment variables laid over it:
    /// <c>server</c> with <c>MVR_SERVER__PORT</c> gives <c>PORT</c> in the keys, upper-case without underscores, levels by ':'.
    /// </summary>
    public IReadOnlyDictionary<string, string> GetSection(string name)
    {
        string prefix = SettingName.Normalize(name) + ":";
        return _values.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value.Value, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every setting with its environment variable, what it accepts, and its value in <paramref name="options"/>.</summary>
    public static IReadOnlyList<SettingDescription> Describe(LibraryOptions options) =>
        [.. SettingTable.All.Select(
            setting => new SettingDescription(setting.Name, setting.EnvironmentVariable, setting.Expected, setting.Print(options)))];

    private static LibraryOptions Bind(Dictionary<string, GivenSetting> values)
    {
        Dictionary<string, Setting> settings = SettingTable.All.ToDictionary(setting => SettingName.Normalize(setting.Name));
        LibraryOptions options = new();
        foreach ((string key, GivenSetting given) in values)
        {
            if (settings.TryGetValue(key, out Setting? setting))
            {
                options = setting.Apply(options, given.Value, given.Origin);
            }
            else if (!IsForeign(key, given))
            {
                string known = string.Join(", ", SettingTable.All.Select(item => item.Name));
                throw new InvalidSettingException(given.Name, given.Value, $"one of the known settings: {known}", given.Origin);
            }
        }

        return options;
    }

    // MVR_ variables of other tools share the prefix, so an unknown one is refused only inside a section of ours.
    private static bool IsForeign(string key, GivenSetting given) =>
        ForeignSections.Any(section => IsIn(section, key))
        || (given.IsEnvironment && !OwnSections.Any(section => IsIn(section, key)));

    private static bool IsIn(string section, string name) =>
        name.Equals(section, StringComparison.OrdinalIgnoreCase) || name.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase);

    private static JsonObject ReadFile(string path)
    {
        try
        {
            JsonDocumentOptions reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: reading) as JsonObject
                ?? throw new InvalidSettingException(path, "not an object", "a JSON object");
        }
        catch (JsonException error)
        {
            throw new InvalidSettingException(path, error.Message, "a JSON object");
        }
    }

    private static void Flatten(JsonObject node, string prefix, string origin, Dictionary<string, GivenSetting> values)
    {
        foreach ((string key, JsonNode? child) in node)
        {
            string name = prefix + key;
            if (child is JsonObject section)
            {
                Flatten(section, name + ":", origin, values);
            }
            else if (child is not null)
            {
                values[SettingName.Normalize(name)] = new GivenSetting(name, Text(child), origin, IsEnvironment: false);
            }
        }
    }

    private static void Flatten(IConfigurationSection node, string prefix, string origin, Dictionary<string, GivenSetting> values)
    {
        string name = prefix + node.Key;
        IReadOnlyList<IConfigurationSection> children = [.. node.GetChildren()];

        // Items of a list are its children, named and ordered by their numbers.
        bool isList = children.Count > 0 && children.All(child => int.TryParse(child.Key, out _));
        string? value = isList ? string.Join(';', children.Select(child => child.Value)) : node.Value;
        if (value is not null)
        {
            values[SettingName.Normalize(name)] = new GivenSetting(name, value, origin, IsEnvironment: false);
        }

        foreach (IConfigurationSection child in isList ? [] : children)
        {
            Flatten(child, name + ":", origin, values);
        }
    }

    private static string Text(JsonNode node) =>
        node is JsonArray list ? string.Join(';', list.Select(item => item is null ? "" : Text(item)))
        : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>()
        : Convert.ToString(node.ToJsonString(), CultureInfo.InvariantCulture)!;

    private sealed record GivenSetting(string Name, string Value, string Origin, bool IsEnvironment);

    private static Dictionary<string, string> ProcessEnvironment()
    {
        Dictionary<string, string> variables = [];
        foreach (DictionaryEntry pair in Environment.GetEnvironmentVariables())
        {
            variables[(string)pair.Key] = (string?)pair.Value ?? "";
        }

        return variables;
    }
}
