using System.Globalization;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Iptc;
using MetadataExtractor.Formats.Xmp;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// What a picture says about itself: EXIF of the camera, IPTC and XMP of who described it. The fields: <c>title</c>, <c>description</c>,
/// <c>keywords</c> (a list), <c>author</c>, <c>place</c>, <c>camera</c>, <c>taken</c> (2026-11-30T14:05:00), <c>latitude</c> and
/// <c>longitude</c> in degrees.
/// </summary>
internal static class PictureMetadata
{
    private const int MaxLength = 2000;

    /// <summary>The fields that a file has; none when it has no metadata, or none that can be read.</summary>
    public static IReadOnlyDictionary<string, MetadataValue> Read(string path)
    {
        IReadOnlyList<MetadataExtractor.Directory> directories;
        try
        {
            directories = ImageMetadataReader.ReadMetadata(path);
        }
        catch (Exception error) when (error is ImageProcessingException or IOException or ArgumentException or OverflowException
            or IndexOutOfRangeException or FormatException or NotSupportedException or InvalidCastException)
        {
            // The picture itself decides whether the file is damaged; a format that this library does not know has no fields.
            return new Dictionary<string, MetadataValue>();
        }

        return Of(directories);
    }

    /// <summary>The fields of metadata that was read already.</summary>
    public static IReadOnlyDictionary<string, MetadataValue> Of(IReadOnlyList<MetadataExtractor.Directory> directories)
    {
        Dictionary<string, MetadataValue> fields = [];
        IptcDirectory? iptc = directories.OfType<IptcDirectory>().FirstOrDefault();
        ExifIfd0Directory? main = directories.OfType<ExifIfd0Directory>().FirstOrDefault();
        Dictionary<string, List<string>> xmp = ReadXmp(directories);
        Add(fields, "title", Text(xmp, "dc:title") ?? iptc?.GetString(IptcDirectory.TagObjectName));
        Add(fields, "description", Text(xmp, "dc:description") ?? iptc?.GetString(IptcDirectory.TagCaption)
            ?? main?.GetString(ExifDirectoryBase.TagImageDescription));
        Add(fields, "keywords", Text(xmp, "dc:subject")
            ?? (iptc?.GetStringArray(IptcDirectory.TagKeywords) is { Length: > 0 } words ? string.Join(", ", words) : null));
        Add(fields, "author", Text(xmp, "dc:creator") ?? iptc?.GetString(IptcDirectory.TagByLine)
            ?? main?.GetString(ExifDirectoryBase.TagArtist));
        Add(fields, "place", string.Join(", ", new[]
        {
            Text(xmp, "photoshop:City") ?? iptc?.GetString(IptcDirectory.TagCity),
            Text(xmp, "photoshop:Country") ?? iptc?.GetString(IptcDirectory.TagCountryOrPrimaryLocationName),
        }.Where(part => !string.IsNullOrWhiteSpace(part))));
        Add(fields, "camera", Camera(main));
        AddTaken(fields, directories);
        if (directories.OfType<GpsDirectory>().FirstOrDefault()?.GetGeoLocation() is { IsZero: false } place)
        {
            fields["latitude"] = Math.Round(place.Latitude, 6);
            fields["longitude"] = Math.Round(place.Longitude, 6);
        }

        return fields;
    }

    private static string? Camera(ExifIfd0Directory? main)
    {
        string make = main?.GetString(ExifDirectoryBase.TagMake)?.Trim() ?? "";
        string model = main?.GetString(ExifDirectoryBase.TagModel)?.Trim() ?? "";
        return model.StartsWith(make, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}".Trim();
    }

    // EXIF has local time without a zone.
    private static void AddTaken(Dictionary<string, MetadataValue> fields, IReadOnlyList<MetadataExtractor.Directory> directories)
    {
        if (directories.OfType<ExifSubIfdDirectory>().FirstOrDefault() is { } exif
            && exif.TryGetDateTime(ExifDirectoryBase.TagDateTimeOriginal, out DateTime taken))
        {
            fields["taken"] = taken.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        }
    }

    // Lists come as dc:subject[1], dc:subject[2]; alternatives by language as dc:title[1] beside dc:title[1]/xml:lang.
    private static Dictionary<string, List<string>> ReadXmp(IReadOnlyList<MetadataExtractor.Directory> directories)
    {
        Dictionary<string, List<string>> values = new(StringComparer.Ordinal);
        foreach ((string path, string value) in directories.OfType<XmpDirectory>().SelectMany(directory => directory.GetXmpProperties()))
        {
            int bracket = path.IndexOf('[', StringComparison.Ordinal);
            if (path.Contains('/', StringComparison.Ordinal) || string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            string name = bracket < 0 ? path : path[..bracket];
            (values.TryGetValue(name, out List<string>? list) ? list : values[name] = []).Add(value);
        }

        return values;
    }

    private static string? Text(Dictionary<string, List<string>> xmp, string name) => !xmp.TryGetValue(name, out List<string>? values)
        ? null
        : name is "dc:subject" or "dc:creator" ? string.Join(", ", values) : values[0];

    private static void Add(Dictionary<string, MetadataValue> fields, string name, string? value)
    {
        string clean = string.Concat((value ?? "").Where(c => !char.IsControl(c))).Trim();
        if (clean.Length > 0)
        {
            string kept = clean[..Math.Min(clean.Length, MaxLength)];
            fields[name] = name == KeywordList.FieldName ? KeywordList.Split(kept) ?? kept : kept;
        }
    }
}
