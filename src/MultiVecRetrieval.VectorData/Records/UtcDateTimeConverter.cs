using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Writes a time in ISO 8601 with all its ticks, local ones in UTC: equal times are equal texts, whatever their kind.</summary>
internal sealed class UtcDateTimeConverter : JsonConverter<DateTime>
{
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().UtcDateTime;

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            (value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).ToString(Format, CultureInfo.InvariantCulture));
}
