namespace MultiVecRetrieval;

/// <summary>A setting that is unknown, cannot be read or is out of range.</summary>
/// <param name="setting">Its name, <c>media:maxPages</c>.</param>
/// <param name="value">The offending value as it was given.</param>
/// <param name="expected">What would be accepted.</param>
/// <param name="origin">Where the value came from: a file, an environment variable or a flag; null when it was set in code.</param>
public sealed class InvalidSettingException(string setting, string value, string expected, string? origin = null)
    : Exception($"Setting {setting} is '{value}'{(origin is null ? "" : $" ({origin})")}; expected {expected}.")
{
    /// <summary>The name of the setting.</summary>
    public string Setting { get; } = setting;

    /// <summary>The value as it was given.</summary>
    public string Value { get; } = value;

    /// <summary>What would be accepted.</summary>
    public string Expected { get; } = expected;

    /// <summary>Where the value came from, or null when it was set in code.</summary>
    public string? Origin { get; } = origin;
}
