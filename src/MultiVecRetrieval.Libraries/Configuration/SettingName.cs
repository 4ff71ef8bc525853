using System.Text;

namespace MultiVecRetrieval.Libraries.Configuration;

/// <summary>The spellings of one setting: <c>media:maxPages</c>, <c>MVR_MEDIA__MAX_PAGES</c>, <c>MVR_MEDIA__MAXPAGES</c>.</summary>
internal static class SettingName
{
    public const string EnvironmentPrefix = "MVR_";

    public static string ToCamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    public static string ToEnvironmentVariable(string name)
    {
        StringBuilder variable = new(EnvironmentPrefix);
        foreach (char c in name)
        {
            if (c == ':')
            {
                variable.Append("__");
                continue;
            }

            if (char.IsUpper(c))
            {
                variable.Append('_');
            }

            variable.Append(char.ToUpperInvariant(c));
        }

        return variable.ToString();
    }

    /// <summary>Makes spellings comparable: levels kept, case and single underscores dropped.</summary>
    public static string Normalize(string name) =>
        name.Replace("__", ":", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
