using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Writes a float32 as the float64 of the same value, which a comparison with a float64 in C# means.</summary>
internal sealed class WideSingleConverter : JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => (float)reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) => writer.WriteNumberValue((double)value);
}
