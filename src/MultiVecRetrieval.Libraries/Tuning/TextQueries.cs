namespace MultiVecRetrieval.Libraries.Tuning;

/// <summary>Makes text queries out of the text of stored entries: a few words in a row, as somebody remembers them.</summary>
internal static class TextQueries
{
    private const int MinWordLength = 4;
    private const int MaxWordCount = 5;
    private const int PageLength = 1000;

    /// <summary>Entries that are drawn from at most.</summary>
    private const int MaxEntryCount = 2000;

    /// <returns>Up to <paramref name="count"/> queries; fewer, or none, when the entries have little text.</returns>
    public static IReadOnlyList<string> Make(Collection collection, int count, int seed, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        List<string> keys = SampleKeys(collection, random, cancellationToken);
        HashSet<string> queries = new(StringComparer.OrdinalIgnoreCase);
        // Ten tries for each query: entries without text yield nothing, and the loop must end.
        for (int i = 0; i < 10 * count && queries.Count < count && keys.Count > 0; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (collection.Entries.GetText(keys[random.Next(keys.Count)]) is { Words.Count: > 0 } text && Take(text, random) is { } query)
            {
                queries.Add(query);
            }
        }

        return [.. queries];
    }

    private static string? Take(TextLayer text, Random random)
    {
        int start = random.Next(text.Words.Count);
        List<string> words = [];
        for (int i = start; i < text.Words.Count && words.Count < random.Next(1, MaxWordCount + 1); i++)
        {
            string word = text.Text.Substring(text.Words[i].Offset, text.Words[i].Length).Trim('.', ',', ';', ':', '(', ')', '"', '\'');
            if (word.Length >= MinWordLength && word.All(char.IsLetterOrDigit))
            {
                words.Add(word);
            }
        }

        return words.Count == 0 ? null : string.Join(' ', words);
    }

    // A reservoir: every entry has the same chance, whatever their number.
    private static List<string> SampleKeys(Collection collection, Random random, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        int seen = 0;
        for (string? after = null; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<Entry> page = collection.Entries.List(afterKey: after, limit: PageLength);
            foreach (Entry entry in page)
            {
                seen++;
                if (keys.Count < MaxEntryCount)
                {
                    keys.Add(entry.Key);
                }
                else if (random.Next(seen) is int position && position < MaxEntryCount)
                {
                    keys[position] = entry.Key;
                }
            }

            if (page.Count < PageLength)
            {
                return keys;
            }

            after = page[^1].Key;
        }
    }
}
