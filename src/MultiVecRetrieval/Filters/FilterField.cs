namespace MultiVecRetrieval.Filters;

/// <summary>A field of an entry and where the catalog has it.</summary>
/// <param name="Name">As a filter names it.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Column">An expression over <c>entries e</c> and <c>documents d</c>; null for metadata and attributes.</param>
internal sealed record FilterField(string Name, FieldKind Kind, string? Column)
{
    public const string MetadataPrefix = "meta.";
    public const string AttributePrefix = "attribute.";

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
    public static string Known { get; } =
        $"{string.Join(", ", All.Select(field => field.Name))}, {AttributePrefix}NAME or {MetadataPrefix}NAME";

    /// <summary>The name by which the table of <see cref="Rows"/> knows it; empty where the field is a column.</summary>
    public string StoredName => Column is not null ? ""
        : IsAttribute ? Name[AttributePrefix.Length..]
        : Name.StartsWith(MetadataPrefix, StringComparison.Ordinal) ? Name[MetadataPrefix.Length..] : Name;

    /// <summary>The table that has a row <c>m</c> for each value where the field is no column.</summary>
    public string Rows => IsAttribute ? "attribute_values" : "metadata";

    /// <summary>What the rows of a field meet, up to the name.</summary>
    public string Link => IsAttribute ? "m.entry = e.id AND m.attribute =" : "m.document = d.id AND m.name =";

    /// <summary>True where a stored value may be a truth value, which a column of its own says.</summary>
    public bool MayBeBool => Column is null && !IsAttribute && Kind != FieldKind.Date;

    private bool IsAttribute => Name.StartsWith(AttributePrefix, StringComparison.Ordinal);

    /// <summary>The field of a name; null when there is none.</summary>
    public static FilterField? Find(string name) => ByName.TryGetValue(name, out FilterField? field) ? field
        : Has(name, MetadataPrefix) ? new FilterField(name, FieldKind.Any, null)
        : Has(name, AttributePrefix) ? new FilterField(name, FieldKind.Text, null)
        : null;

    private static bool Has(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal);
}
