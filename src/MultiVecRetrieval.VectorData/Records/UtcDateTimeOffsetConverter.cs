using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Writes an instant in ISO 8601 and UTC: equal instants are equal texts, whatever their offset.</summary>
internal sealed class UtcDateTimeOffsetConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(UtcDateTimeConverter.Format, CultureInfo.InvariantCulture));
}
