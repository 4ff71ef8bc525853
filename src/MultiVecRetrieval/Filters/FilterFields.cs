using System.Globalization;

namespace MultiVecRetrieval.Filters;

/// <summary>Which fields there are, what each may be compared with, and how all of it is written.</summary>
internal static class FilterFields
{
    public const string MetadataPrefix = "meta.";
    public const string Known = "type, path, document, date, page, contentType or meta.NAME";

    public static bool IsKnown(string field) =>
        field is "type" or "path" or "document" or "date" or "page" or "contentType"
        || (field.Length > MetadataPrefix.Length && field.StartsWith(MetadataPrefix, StringComparison.Ordinal));

    /// <summary>Null when the comparison makes sense, else what was expected in its place.</summary>
    public static string? FindProblem(ComparisonFilter filter) => filter switch
    {
        { Value.Value: null } => "a value",
        { Comparison: Comparison.Like, Value.Value: not string } => "text after like",
        { Field: "type", Comparison: not (Comparison.Equal or Comparison.NotEqual) } => "= or != after type",
        { Field: "type" } => TryParseType(filter.Value, out _) ? null : "image, page, video or text",
        { Field: "page", Value.Value: not double } => "a number",
        { Field: "date", Comparison: Comparison.Like } => "a comparison other than like",
        { Field: "date" } => TryParseDate(filter.Value, out _) ? null : "an ISO 8601 date such as 2024-05-31",
        { Field: "path" or "document" or "contentType", Value.Value: not string } => "text",
        _ => IsKnown(filter.Field) ? null : Known,
    };

    public static bool TryParseType(MetadataValue value, out MediaType type)
    {
        type = value.Value switch
        {
            "image" => MediaType.Image,
            "page" => MediaType.Page,
            "video" => MediaType.Video,
            "text" => MediaType.Text,
            _ => 0,
        };
        return type != 0;
    }

    // A bare year reads as a number.
    public static bool TryParseDate(MetadataValue value, out DateInterval interval) => DateInterval.TryParse(
        value.Value switch
        {
            string text => text,
            double year => year.ToString("0000", CultureInfo.InvariantCulture),
            _ => "",
        },
        out interval);

    public static string Print(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        _ => "like",
    };

    public static string Print(string field) =>
        field.StartsWith(MetadataPrefix, StringComparison.Ordinal) && !field.All(IsWordCharacter)
            ? MetadataPrefix + Quote(field[MetadataPrefix.Length..])
            : field;

    public static string Print(MetadataValue value) => value.Value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        _ => Quote((string?)value.Value ?? ""),
    };

    public static bool IsWordCharacter(char value)
        => char.IsLetterOrDigit(value) || value is '_' or '-' or '.' or ':' or '/' or '+' or '*' or '?' or '#';

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
