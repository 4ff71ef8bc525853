using System.Text.Json;
using MultiVecRetrieval.Server.Qdrant;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Turns conditions on attributes into filters, and attributes into metadata.</summary>
internal static class AttributeFilter
{
    private const int MaxDepth = 50;
    private const int MaxAttributes = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 512;

    /// <summary>The filter of a search.</summary>
    public static Filter Read(JsonElement filter, string path, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw RequestException.Invalid(path, $"The filter has more than {MaxDepth} levels.");
        }

        string type = filter.GetText("type", path);
        if (type is "and" or "or")
        {
            string at = QdrantJson.Path(path, "filters");
            Filter[] parts = [.. filter.Get("filters", path).List(at).Select(part => Read(part.Value, part.Path, depth + 1))];
            return type == "and" ? Filter.And(parts) : Filter.Or(parts);
        }

        string key = filter.GetText("key", path);
        JsonElement value = filter.Get("value", path);
        string place = QdrantJson.Path(path, "value");
        return type switch
        {
            "eq" => On(key, field => Filter.Equal(field, ToValue(value, place))),
            "ne" => Filter.Not(On(key, field => Filter.Equal(field, ToValue(value, place)))),
            "gt" => Compare(Comparison.Greater),
            "gte" => Compare(Comparison.GreaterOrEqual),
            "lt" => Compare(Comparison.Less),
            "lte" => Compare(Comparison.LessOrEqual),
            "in" => On(key, field => Filter.In(field, ToValues(value, place))),
            "nin" => Filter.Not(On(key, field => Filter.In(field, ToValues(value, place)))),
            _ => throw RequestException.Invalid(
                QdrantJson.Path(path, "type"), $"type is '{type}'; it must be one of eq, ne, gt, gte, lt, lte, in, nin, and, or."),
        };

        Filter Compare(Comparison comparison) =>
            On(key, field => new ComparisonFilter(field, comparison, ToValue(value, place)));
    }

    /// <summary>Attributes as metadata; none where there are none.</summary>
    public static IReadOnlyDictionary<string, MetadataValue> ReadAttributes(JsonElement request, string path)
    {
        string at = QdrantJson.Path(path, "attributes");
        return request.Find("attributes") is { } attributes
            ? ReadMembers(attributes, at, ToValue)
            : new Dictionary<string, MetadataValue>();
    }

    /// <summary>Metadata of a store, all of it texts.</summary>
    public static IReadOnlyDictionary<string, string> ReadTexts(JsonElement metadata, string path) =>
        ReadMembers(metadata, path, (value, at) => CheckLength(QdrantJson.ToText(value, at), at));

    private static Dictionary<string, T> ReadMembers<T>(JsonElement attributes, string at, Func<JsonElement, string, T> read)
    {
        if (attributes.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid(at, $"{at} is {QdrantJson.Show(attributes)}; it must be an object.");
        }

        Dictionary<string, T> metadata = new(StringComparer.Ordinal);
        foreach (JsonProperty attribute in attributes.EnumerateObject())
        {
            if (attribute.Name.Length is 0 or > MaxKeyLength || attribute.Name.Contains('\0', StringComparison.Ordinal))
            {
                throw RequestException.Invalid(at, $"Names of attributes have 1 to {MaxKeyLength} characters.");
            }

            metadata[attribute.Name] = read(attribute.Value, QdrantJson.Path(at, attribute.Name));
        }

        return metadata.Count <= MaxAttributes ? metadata
            : throw RequestException.Invalid(at, $"{at} has {metadata.Count} members; it takes up to {MaxAttributes}.");
    }

    // Attributes are metadata; the page is what every hit has besides.
    private static Filter On(string key, Func<string, Filter> create)
    {
        Filter own = create($"meta.{key}");
        return key == "page" ? Filter.Or(own, create("page")) : own;
    }

    private static MetadataValue[] ToValues(JsonElement value, string path) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select((element, i) => ToValue(element, $"{path}[{i}]"))]
        : throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(value)}; it must be a list.");

    private static MetadataValue ToValue(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => CheckLength(value.GetString()!, path),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => QdrantJson.ToNumber(value, path),
    };

    private static string CheckLength(string text, string path) => text.Length <= MaxValueLength ? text
        : throw RequestException.Invalid(path, $"{path} has {text.Length} characters; it takes up to {MaxValueLength}.");
}
