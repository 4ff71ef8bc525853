using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Values of data properties as JSON, and as filters compare them.</summary>
internal static class DataValues
{
    public const string Supported =
        "string, bool, numbers, Guid, DateTime, DateTimeOffset, DateOnly, TimeOnly, and arrays and lists of them";

    /// <summary>Where filters, which compare numbers as float64, still tell one integer from the next.</summary>
    private const double LargestExact = 1L << 53;

    private static readonly Type[] Scalars =
    [
        typeof(string), typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset),
        typeof(DateOnly), typeof(TimeOnly),
    ];

    private static readonly Type[] Lists =
    [
        typeof(List<>), typeof(IList<>), typeof(ICollection<>), typeof(IEnumerable<>), typeof(IReadOnlyList<>),
        typeof(IReadOnlyCollection<>),
    ];

    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new UtcDateTimeConverter(), new UtcDateTimeOffsetConverter(), new WideSingleConverter() },
    };

    public static bool IsValid(Type type) =>
        IsScalar(type) || (ElementOf(type) is { } element && IsScalar(element) && element != typeof(byte));

    public static bool IsScalar(Type type) => Scalars.Contains(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>What a list holds; null for what is no list.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsSZArray ? type.GetElementType()
        : type.IsGenericType && Lists.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments()[0]
        : null;

    public static JsonNode? ToJson(object? value, Type type) => JsonSerializer.SerializeToNode(value, type, Options);

    public static object? FromJson(JsonElement value, Type type) => value.Deserialize(type, Options);

    /// <summary>A constant of a filter, as the catalog has a stored value that equals it.</summary>
    /// <exception cref="NotSupportedException">It is no value that is stored, or an integer too large to be told from the next.</exception>
    public static MetadataValue ToMetadata(object value)
    {
        if (!IsScalar(value.GetType()))
        {
            throw new NotSupportedException($"A filter compares with '{value}' ({value.GetType().Name}), which is no value of a record.");
        }

        JsonElement json = JsonSerializer.SerializeToElement(value, value.GetType(), Options);
        return json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ when value is not (float or double) && Math.Abs(json.GetDouble()) >= LargestExact => throw new NotSupportedException(
                $"A filter compares with {value}; whole numbers are compared exactly only below 2^53."),
            _ => json.GetDouble(),
        };
    }
}
