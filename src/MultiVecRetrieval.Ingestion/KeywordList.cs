namespace MultiVecRetrieval.Ingestion;

/// <summary>The words that a file says it is about, as a list: "harbour, boats; Venice" is three.</summary>
internal static class KeywordList
{
    /// <summary>The field of the words that people gave.</summary>
    public const string FieldName = "keywords";

    private const int MaxCount = 100;

    /// <summary>Each once, in their order, at most 100; null where there is none.</summary>
    public static MetadataValue? Split(string? text)
    {
        const StringSplitOptions Options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] words = [.. (text ?? "").Split([',', ';'], Options).Distinct(StringComparer.Ordinal).Take(MaxCount)];
        return words.Length == 0 ? default(MetadataValue?) : MetadataValue.List(words.Select(word => (MetadataValue)word));
    }
}
