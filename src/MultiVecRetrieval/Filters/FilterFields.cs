using System.Globalization;

namespace MultiVecRetrieval.Filters;

/// <summary>What each field may be compared with, and how all of it is written.</summary>
internal static class FilterFields
{
    /// <summary>Null when the comparison makes sense, else what was expected in its place.</summary>
    public static string? FindProblem(ComparisonFilter filter)
    {
        if (FilterField.Find(filter.Field) is not { } field)
        {
            return FilterField.Known;
        }

        bool isText = filter.Comparison is Comparison.Like or Comparison.Contains;
        return (filter.Value.Value, field.Kind) switch
        {
            (null, _) => "a value",
            (IReadOnlyList<MetadataValue>, _) => "a value, or in (a, b) for several",
            (_, FieldKind.MediaType) when filter.Comparison is not (Comparison.Equal or Comparison.NotEqual) =>
                $"= or != after {field.Name}",
            (_, FieldKind.MediaType) => TryParseType(filter.Value, out _) ? null : "image, page, video, text or record",
            (not string, _) when isText => $"text after {Print(filter.Comparison)}",
            (_, FieldKind.Date) when isText => $"a comparison other than {Print(filter.Comparison)}",
            (_, FieldKind.Date) => TryParseDate(filter.Value, DateTimeOffset.UnixEpoch, out _)
                ? null
                : "an ISO 8601 date such as 2024-05-31, now or today, or these with a distance such as now-12h or today-30d",
            (not double, FieldKind.Number) => "a number",
            (not string, FieldKind.Text) => "text",
            _ => null,
        };
    }

    /// <summary>Null when the places make sense, else what was expected.</summary>
    public static string? FindProblem(NearFilter filter) =>
        !(Math.Abs(filter.Latitude) <= 90) ? "a latitude in [-90, 90]"
        : !(Math.Abs(filter.Longitude) <= 180) ? "a longitude in [-180, 180]"
        : !(filter.Kilometers >= 0 && double.IsFinite(filter.Kilometers)) ? "kilometers of at least 0"
        : null;

    /// <summary>Null when the box makes sense, else what was expected.</summary>
    public static string? FindProblem(WithinFilter filter) =>
        !(filter.South >= -90 && filter.North <= 90 && filter.South <= filter.North) ? "south and north in [-90, 90], south at most north"
        : !(Math.Abs(filter.West) <= 180 && Math.Abs(filter.East) <= 180) ? "west and east in [-180, 180]"
        : null;

    public static bool TryParseType(MetadataValue value, out MediaType type)
    {
        type = value.Value switch
        {
            "image" => MediaType.Image,
            "page" => MediaType.Page,
            "video" => MediaType.Video,
            "text" => MediaType.Text,
            "record" => MediaType.Record,
            _ => 0,
        };
        return type != 0;
    }

    // A bare year reads as a number.
    public static bool TryParseDate(MetadataValue value, DateTimeOffset now, out DateInterval interval)
    {
        string text = value.Value switch
        {
            string words => words,
            double year => year.ToString("0000", CultureInfo.InvariantCulture),
            _ => "",
        };
        return DateInterval.TryParse(text, out interval) || DateWords.TryParse(text, now, out interval);
    }

    public static string Print(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Contains => "contains",
        _ => "like",
    };

    public static string Print(string field) =>
        field.StartsWith(FilterField.MetadataPrefix, StringComparison.Ordinal) && !field.All(IsWordCharacter)
            ? FilterField.MetadataPrefix + Quote(field[FilterField.MetadataPrefix.Length..])
            : field;

    public static string Print(MetadataValue value) => value.Value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        _ => Quote((string?)value.Value ?? ""),
    };

    /// <summary>The first argument of a filter of places: none for those of pictures.</summary>
    public static string PrintPlace(string? field) => field is null ? "" : $"{Print(FilterField.MetadataPrefix + field)}, ";

    public static bool IsWordCharacter(char value)
        => char.IsLetterOrDigit(value) || value is '_' or '-' or '.' or ':' or '/' or '+' or '*' or '?' or '#';

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
