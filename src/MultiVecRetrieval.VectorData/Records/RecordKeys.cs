using System.Globalization;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Keys of records as keys of entries, which are texts.</summary>
internal static class RecordKeys
{
    public const string Supported = "string, Guid, int, long and ulong";

    public static bool IsValid(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type == typeof(int) || type == typeof(long) || type == typeof(ulong);

    /// <exception cref="ArgumentException">It is no key.</exception>
    public static string ToText(object? key) => key switch
    {
        string text when text.Length > 0 => text,
        Guid id => id.ToString("D"),
        int or long or ulong => ((IFormattable)key).ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"The key is '{key}' ({key?.GetType().Name ?? "null"}); a key is one of {Supported}, and not empty.", nameof(key)),
    };

    public static object Parse(string text, Type type) =>
        type == typeof(string) ? text
        : type == typeof(Guid) ? Guid.ParseExact(text, "D")
        : type == typeof(int) ? int.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(long) ? long.Parse(text, CultureInfo.InvariantCulture)
        : ulong.Parse(text, CultureInfo.InvariantCulture);
}
