using System.Text.Json;

namespace MultiVecRetrieval.Libraries.Records;

/// <summary>What filters see of a JSON object.</summary>
internal static class PayloadFields
{
    /// <summary>Where the text that people read stands, by the names that clients use; the first that is there.</summary>
    private static readonly string[] TextNames = ["text", "page_content", "content", "document"];

    /// <summary>The values of an object by path; null and empty lists have none.</summary>
    public static Dictionary<string, MetadataValue> Flatten(JsonElement payload)
    {
        Dictionary<string, List<MetadataValue>> values = new(StringComparer.Ordinal);
        HashSet<string> lists = new(StringComparer.Ordinal);
        foreach (JsonProperty member in payload.EnumerateObject())
        {
            Add(member.Name, member.Value, isInList: false);
        }

        return values.ToDictionary(
            field => field.Key,
            field => lists.Contains(field.Key) || field.Value.Count > 1 ? MetadataValue.List(field.Value) : field.Value[0],
            StringComparer.Ordinal);

        void Add(string path, JsonElement value, bool isInList)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (JsonProperty member in value.EnumerateObject())
                    {
                        Add($"{path}.{member.Name}", member.Value, isInList);
                    }

                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement element in value.EnumerateArray())
                    {
                        Add(element.ValueKind == JsonValueKind.Object ? $"{path}[]" : path, element, isInList: true);
                    }

                    break;
                default:
                    if (ToValue(value) is { } scalar && path.Length > 0)
                    {
                        (values.TryGetValue(path, out List<MetadataValue>? known) ? known : values[path] = []).Add(scalar);
                        if (isInList)
                        {
                            lists.Add(path);
                        }
                    }

                    break;
            }
        }
    }

    /// <summary>The text of an object; null where none of the usual names has one.</summary>
    public static string? FindText(JsonElement payload) => TextNames
        .Select(name => payload.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null)
        .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    // Keys and texts of the catalog hold no NUL.
    private static MetadataValue? ToValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Replace('\0', ' '),
        JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => default(MetadataValue?),
    };
}
