namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Adds what a document says about itself, within bounds.</summary>
internal static class TextMetadata
{
    private const int MaxLength = 2000;

    /// <summary>Adds a field unless there is nothing in it; control characters are dropped and long values are cut.</summary>
    public static void Add(Dictionary<string, MetadataValue> fields, string name, string? value, int maxLength = MaxLength)
    {
        string clean = string.Concat((value ?? "").Where(c => !char.IsControl(c))).Trim();
        if (clean.Length > 0)
        {
            string kept = clean[..Math.Min(clean.Length, maxLength)];
            fields[name] = name == KeywordList.FieldName ? KeywordList.Split(kept) ?? kept : kept;
        }
    }
}
