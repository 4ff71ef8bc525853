using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Tests.Server.Fuzzing;

/// <summary>Bodies of docs/openapi.json with every member that their schemas describe.</summary>
internal sealed class SchemaExamples
{
    // Schemas may hold themselves.
    private const int MaxDepth = 6;

    private readonly JsonElement _document = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "docs", "openapi.json")));

    /// <summary>The example of an operation; null where it takes no JSON, or the document does not say what.</summary>
    public string? Find(string method, string route)
    {
        if (!_document.GetProperty("paths").TryGetProperty(route, out JsonElement path)
            || !path.TryGetProperty(method.ToLowerInvariant(), out JsonElement operation)
            || !operation.TryGetProperty("requestBody", out JsonElement body)
            || !body.GetProperty("content").TryGetProperty("application/json", out JsonElement content))
        {
            return null;
        }

        return Write(content.GetProperty("schema"), depth: 0) is JsonObject { Count: > 0 } example ? example.ToJsonString() : null;
    }

    private JsonNode? Write(JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            schema = _document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            return Write(choices.EnumerateArray().Last(), depth);
        }

        if (schema.TryGetProperty("enum", out JsonElement values))
        {
            return JsonNode.Parse(values[0].GetRawText());
        }

        return depth > MaxDepth ? null : TypeOf(schema) switch
        {
            "object" when schema.TryGetProperty("properties", out JsonElement members) => new JsonObject(
                members.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Write(member.Value, depth + 1)))),
            "object" when schema.TryGetProperty("additionalProperties", out JsonElement value) && value.ValueKind == JsonValueKind.Object =>
                new JsonObject { ["dense"] = Write(value, depth + 1) },
            "object" => new JsonObject(),
            "array" => new JsonArray(Write(schema.GetProperty("items"), depth + 1)),
            "integer" => 1,
            "number" => 0.5,
            "boolean" => true,
            _ => "red",
        };
    }

    private static string? TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out JsonElement type) ? null
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : type.EnumerateArray().Select(name => name.GetString()).First(name => name != "null");
}
