using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MultiVecRetrieval.Mcp;

/// <summary>Reads the arguments of a call and writes its result.</summary>
internal static class ToolJson
{
    /// <summary>camelCase, no unknown members, no numbers as text, nothing where there is no value.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The arguments as a record.</summary>
    /// <exception cref="ToolException">One is missing, unknown, or of another kind; it is named with what was expected.</exception>
    public static T Read<T>(IDictionary<string, JsonElement>? given)
    {
        // A model that leaves an argument out may say so.
        Dictionary<string, JsonElement> arguments = (given ?? new Dictionary<string, JsonElement>())
            .Where(argument => argument.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            .ToDictionary(StringComparer.Ordinal);
        JsonTypeInfo type = Options.GetTypeInfo(typeof(T));
        string names = string.Join(", ", type.Properties.Select(property => property.Name));
        if (arguments.Keys.FirstOrDefault(name => type.Properties.All(property => property.Name != name)) is { } unknown)
        {
            throw new ToolException(
                names.Length == 0 ? $"The tool takes no arguments; found '{unknown}'." : $"'{unknown}' is no argument; they are {names}.");
        }

        if (type.Properties.FirstOrDefault(property => property.IsRequired && !arguments.ContainsKey(property.Name)) is { } missing)
        {
            throw new ToolException($"The argument '{missing.Name}' is missing.");
        }

        try
        {
            return JsonSerializer.SerializeToElement(arguments).Deserialize<T>(Options)!;
        }
        catch (JsonException wrong)
        {
            string name = (wrong.Path ?? "$").TrimStart('$', '.').Split('[', '.')[0];
            string expected = ToolSchema.Of<T>().TryGetProperty("properties", out JsonElement properties)
                && properties.TryGetProperty(name, out JsonElement schema) ? $"; expected {Kind(schema)}" : "";
            throw new ToolException($"The argument '{name}' cannot be read{expected}.");
        }
    }

    private static string Kind(JsonElement schema) => schema.GetProperty("type").GetString() switch
    {
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list of texts",
        _ => "a text",
    };
}
