namespace MultiVecRetrieval.Filters;

/// <summary>A field of an entry and where the catalog has it.</summary>
/// <param name="Name">As a filter names it.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Column">An expression over <c>entries e</c> and <c>documents d</c>; null for metadata.</param>
internal sealed record FilterField(string Name, FieldKind Kind, string? Column)
{
    public const string MetadataPrefix = "meta.";

    // Values of the metadata that files bring are fields by themselves.
    private static readonly FilterField[] All =
    [
        new("type", FieldKind.MediaType, "coalesce(e.media_type, d.media_type)"),
        new("path", FieldKind.Text, "d.key"),
        new("document", FieldKind.Text, "d.key"),
        new("key", FieldKind.Text, "e.key"),
        new("folder", FieldKind.Text, "folder(d.key)"),
        new("extension", FieldKind.Text, "extension(d.key)"),
        new("title", FieldKind.Text, "d.title"),
        new("contentType", FieldKind.Text, "d.content_type"),
        new("date", FieldKind.Date, "d.modified_at"),
        new("indexed", FieldKind.Date, "d.indexed_at"),
        new("year", FieldKind.Number,
            "coalesce((SELECT year(value) FROM metadata WHERE document = d.id AND name = 'taken' AND ordinal = 0), "
            + "(SELECT year(value) FROM metadata WHERE document = d.id AND name = 'created' AND ordinal = 0), year(d.modified_at))"),
        new("page", FieldKind.Number, "e.page"),
        new("width", FieldKind.Number, "nullif(e.width, 0)"),
        new("height", FieldKind.Number, "nullif(e.height, 0)"),
        new("duration", FieldKind.Number, "e.duration"),
        new("size", FieldKind.Number, "d.size"),
        new("taken", FieldKind.Date, null),
        new("created", FieldKind.Date, null),
        new("camera", FieldKind.Any, null),
        new("author", FieldKind.Any, null),
        new("place", FieldKind.Any, null),
        new("tags", FieldKind.Any, null),
        new("keywords", FieldKind.Any, null),
    ];

    private static readonly Dictionary<string, FilterField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The names, for people.</summary>
    public static string Known { get; } = $"{string.Join(", ", All.Select(field => field.Name))} or {MetadataPrefix}NAME";

    /// <summary>The name in the metadata; empty where the field is a column.</summary>
    public string MetadataName => Column is not null ? ""
        : Name.StartsWith(MetadataPrefix, StringComparison.Ordinal) ? Name[MetadataPrefix.Length..] : Name;

    /// <summary>The field of a name; null when there is none.</summary>
    public static FilterField? Find(string name) => ByName.TryGetValue(name, out FilterField? field) ? field
        : name.Length > MetadataPrefix.Length && name.StartsWith(MetadataPrefix, StringComparison.Ordinal)
            ? new FilterField(name, FieldKind.Any, null)
            : null;
}
