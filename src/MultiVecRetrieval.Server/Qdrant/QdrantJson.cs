using System.Text.Json;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Reads members of a request; what is wrong is named by its path. Null counts as absent, as clients send both.</summary>
internal static class QdrantJson
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    public static JsonElement Get(this JsonElement element, string name, string path) =>
        element.Find(name) ?? throw RequestException.Invalid(Path(path, name), $"{Path(path, name)} is missing.");

    public static string GetText(this JsonElement element, string name, string path) => ToText(element.Get(name, path), Path(path, name));

    public static string? FindText(this JsonElement element, string name, string path) =>
        element.Find(name) is { } value ? ToText(value, Path(path, name)) : null;

    public static int FindCount(this JsonElement element, string name, int standard, int least, int most, string path)
    {
        if (element.Find(name) is not { } value)
        {
            return Math.Min(standard, most);
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count >= least && count <= most
            ? count
            : throw RequestException.Invalid(
                Path(path, name), $"{Path(path, name)} is {Show(value)}; it must be a whole number in [{least}, {most}].");
    }

    public static double? FindNumber(this JsonElement element, string name, string path) =>
        element.Find(name) is { } value ? ToNumber(value, Path(path, name)) : null;

    public static bool FindTruth(this JsonElement element, string name, bool standard, string path) => element.Find(name) switch
    {
        null => standard,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw RequestException.Invalid(Path(path, name), $"{Path(path, name)} is {Show(value)}; it must be true or false."),
    };

    public static double ToNumber(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw RequestException.Invalid(path, $"{path} is {Show(value)}; it must be a number.");

    public static string ToText(JsonElement value, string path) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw RequestException.Invalid(path, $"{path} is {Show(value)}; it must be a text.");

    /// <summary>The elements of a list, each with its path; a single object is a list of one.</summary>
    public static IEnumerable<(JsonElement Value, string Path)> List(this JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select((element, i) => (element, $"{path}[{i}]")),
        JsonValueKind.Object => [(value, path)],
        _ => throw RequestException.Invalid(path, $"{path} is {Show(value)}; it must be a list."),
    };

    /// <summary>Refuses what an engine of this shape has and this one does not.</summary>
    public static RequestException Unsupported(string path, string what) =>
        RequestException.Invalid(path, $"{path}: {what} is not supported here.");

    public static string Path(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Show(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length > 60 ? text[..60] + "..." : text;
    }
}
