using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Libraries.Jobs;

/// <summary>Writes metadata as the texts, numbers, truth values and lists that they are.</summary>
internal sealed class MetadataConverter : JsonConverter<MetadataValue>
{
    public override MetadataValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.StartArray => ToList(JsonSerializer.Deserialize<MetadataValue[]>(ref reader, options)!),
            _ => throw new JsonException($"A {reader.TokenType} is no metadata."),
        };

    public override void Write(Utf8JsonWriter writer, MetadataValue value, JsonSerializerOptions options)
    {
        switch (value.Value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case double number:
                JsonSerializer.Serialize(writer, number, options);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            default:
                JsonSerializer.Serialize(writer, value.Elements, options);
                break;
        }
    }

    private static MetadataValue ToList(MetadataValue[] elements) => elements.Any(element => element.IsList)
        ? throw new JsonException("A list in a list is no metadata.")
        : MetadataValue.List(elements);
}
