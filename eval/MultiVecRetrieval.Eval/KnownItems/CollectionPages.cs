namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>The pages of a collection that have a text layer.</summary>
internal static class CollectionPages
{
    /// <summary>Reads the text of every page; pages without text are counted, not returned.</summary>
    public static (IReadOnlyList<PageText> Pages, int WithoutText) Read(Collection collection)
    {
        List<PageText> pages = [];
        int withoutText = 0;
        string? after = null;
        while (true)
        {
            IReadOnlyList<Entry> entries = collection.Entries.List(afterKey: after, limit: 500);
            if (entries.Count == 0)
            {
                return (pages, withoutText);
            }

            foreach (Entry entry in entries.Where(entry => entry.MediaType == MediaType.Page))
            {
                if (collection.Entries.GetText(entry.Key) is { Words.Count: > 0 } text)
                {
                    pages.Add(PageText.From(entry.Key, text));
                }
                else
                {
                    withoutText++;
                }
            }
            after = entries[^1].Key;
        }
    }
}
