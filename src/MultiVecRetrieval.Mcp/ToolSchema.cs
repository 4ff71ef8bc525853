using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace MultiVecRetrieval.Mcp;

/// <summary>The JSON schema of a record, with what its attributes say of each member; made once for each type.</summary>
internal static class ToolSchema
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => Describe(context.PropertyInfo?.AttributeProvider, Simplify(node)),
    };

    /// <summary>The schema of what a tool takes or gives.</summary>
    public static JsonElement Of<T>() => Cache<T>.Schema;

    // What may be left out is not null when it is there; lists of types are more than some clients read.
    private static JsonNode Simplify(JsonNode node)
    {
        if (node is JsonObject schema && schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(type => type!.GetValue<string>()).First(type => type != "null");
        }

        return node;
    }

    private static JsonNode Describe(ICustomAttributeProvider? member, JsonNode node)
    {
        if (node is JsonObject schema
            && member?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute description])
        {
            schema.Insert(0, "description", description.Description);
        }

        return node;
    }

    private static class Cache<T>
    {
        public static readonly JsonElement Schema = Create();

        private static JsonElement Create()
        {
            JsonNode schema = ToolJson.Options.GetJsonSchemaAsNode(typeof(T), ToolSchema.Options);

            // Some clients ask for the list of members even where it is empty.
            schema["properties"] ??= new JsonObject();
            return JsonSerializer.SerializeToElement(schema);
        }
    }
}
