using System.Globalization;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Libraries.Configuration;

/// <summary>One setting: how it is named, read from text, printed and checked.</summary>
internal sealed class Setting
{
    private readonly Func<LibraryOptions, object> _get;
    private readonly Func<LibraryOptions, string, LibraryOptions?> _apply;
    private readonly Func<object, bool> _isValid;

    private Setting(
        string name, string expected, Func<LibraryOptions, object> get, Func<LibraryOptions, string, LibraryOptions?> apply,
        Func<object, bool> isValid)
    {
        Name = name;
        Expected = expected;
        _get = get;
        _apply = apply;
        _isValid = isValid;
    }

    /// <summary>The name in a file, with ':' between the levels: <c>media:maxPages</c>.</summary>
    public string Name { get; }

    /// <summary>What is accepted, for people.</summary>
    public string Expected { get; }

    /// <summary>The environment variable of the setting: <c>MVR_MEDIA__MAX_PAGES</c>.</summary>
    public string EnvironmentVariable => SettingName.ToEnvironmentVariable(Name);

    public string Print(LibraryOptions options) => _get(options) switch
    {
        IEnumerable<string> list => string.Join(';', list),
        bool truth => truth ? "true" : "false",
        Enum choice => SettingName.ToCamelCase(choice.ToString()),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        object other => other.ToString() ?? "",
    };

    /// <exception cref="InvalidSettingException">The text cannot be read or is out of range.</exception>
    public LibraryOptions Apply(LibraryOptions options, string text, string origin)
    {
        LibraryOptions? changed = _apply(options, text.Trim());
        return changed is not null && _isValid(_get(changed)) ? changed : throw new InvalidSettingException(Name, text, Expected, origin);
    }

    /// <exception cref="InvalidSettingException">The value is out of range.</exception>
    public void Validate(LibraryOptions options)
    {
        if (!_isValid(_get(options)))
        {
            throw new InvalidSettingException(Name, Print(options), Expected);
        }
    }

    public static Setting Text(string name, Func<LibraryOptions, string> get, Func<LibraryOptions, string, LibraryOptions> set) =>
        new(name, "a path", get, (options, text) => set(options, text), static value => !string.IsNullOrWhiteSpace((string)value));

    public static Setting OptionalText(
        string name, Func<LibraryOptions, string?> get, Func<LibraryOptions, string?, LibraryOptions> set) =>
        new(name, "a path, or nothing", options => get(options) ?? "", (options, text) => set(options, text.Length > 0 ? text : null),
            static _ => true);

    /// <summary>A text that may be missing and else is checked.</summary>
    public static Setting Optional(
        string name, string expected, Func<LibraryOptions, string?> get, Func<LibraryOptions, string?, LibraryOptions> set,
        Func<string, bool> isValid) =>
        new(name, expected, options => get(options) ?? "", (options, text) => set(options, text.Length > 0 ? text : null),
            value => (string)value is "" || isValid((string)value));

    public static Setting List(
        string name, Func<LibraryOptions, IReadOnlyList<string>> get, Func<LibraryOptions, IReadOnlyList<string>, LibraryOptions> set) =>
        new(name, "paths separated by ';'", get,
            (options, text) => set(options, text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
            static value => ((IReadOnlyList<string>)value).All(static item => !string.IsNullOrWhiteSpace(item)));

    public static Setting Reduction(string name, Func<LibraryOptions, string> get, Func<LibraryOptions, string, LibraryOptions> set) =>
        new(name, $"one of {string.Join(", ", Reductions.Families.Select(family => family.Name))} with its arguments, or several joined by '+', as in blank+ward:3",
            get, set, static value => IsReduction((string)value));

    public static Setting Truth(string name, Func<LibraryOptions, bool> get, Func<LibraryOptions, bool, LibraryOptions> set) =>
        new(name, "true or false", options => get(options),
            (options, text) => bool.TryParse(text, out bool value) ? set(options, value) : null, static _ => true);

    public static Setting Choice<T>(string name, Func<LibraryOptions, T> get, Func<LibraryOptions, T, LibraryOptions> set)
        where T : struct, Enum =>
        new(name, string.Join(" or ", Enum.GetNames<T>().Select(SettingName.ToCamelCase)), options => get(options),
            (options, text)
                => Enum.TryParse(text, ignoreCase: true, out T value) && !int.TryParse(text, out _) ? set(options, value) : null,
            static value => Enum.IsDefined((T)value));

    /// <summary>A number or time span in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public static Setting Range<T>(
        string name, T least, T most, Func<LibraryOptions, T> get, Func<LibraryOptions, T, LibraryOptions> set, string? unit = null)
        where T : struct, IParsable<T>, IComparable<T>, IFormattable =>
        new(name,
            string.Create(CultureInfo.InvariantCulture,
                $"{(typeof(T) == typeof(TimeSpan) ? "a time span" : "a number")} in [{least}, {most}]{(unit is null ? "" : $" {unit}")}"),
            options => get(options),
            (options, text) => T.TryParse(text, CultureInfo.InvariantCulture, out T value) ? set(options, value) : null,
            // A NaN compares below everything, so it fails the lower bound.
            value => ((T)value).CompareTo(least) >= 0 && ((T)value).CompareTo(most) <= 0);

    /// <summary>A count that is 0, for off, or in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public static Setting ZeroOrRange(
        string name, int least, int most, Func<LibraryOptions, int> get, Func<LibraryOptions, int, LibraryOptions> set) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"0 or a number in [{least}, {most}]"), options => get(options),
            (options, text)
                => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? set(options, value) : null,
            value => (int)value == 0 || ((int)value >= least && (int)value <= most));

    private static bool IsReduction(string spec)
    {
        try
        {
            return Reductions.Parse(spec) is not null;
        }
        catch (SpecException)
        {
            return false;
        }
    }
}
