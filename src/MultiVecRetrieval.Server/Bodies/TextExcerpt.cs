namespace MultiVecRetrieval.Server.Bodies;

/// <summary>How a text begins, to be shown where a picture would be.</summary>
internal static class TextExcerpt
{
    private const int Length = 300;

    /// <summary>The first characters of the text of an entry; null when it is no text.</summary>
    public static string? Of(Entry entry, Collection collection)
    {
        if (entry.MediaType is not (MediaType.Text or MediaType.Record) || collection.Entries.GetText(entry.Key) is not { } layer)
        {
            return null;
        }

        string text = layer.Text;
        return text.Length <= Length ? text : text[..(char.IsHighSurrogate(text[Length - 1]) ? Length - 1 : Length)];
    }
}
