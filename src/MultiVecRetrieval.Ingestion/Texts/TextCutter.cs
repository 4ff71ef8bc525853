namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Cuts long text where it hurts least: between blocks, else between lines, sentences, words, and at last anywhere.</summary>
internal static class TextCutter
{
    /// <summary>Pieces of at most <paramref name="maxLength"/> UTF-16 units; joined they are the text. No surrogate pair is cut.</summary>
    /// <param name="text">Any text; an empty one is one empty piece.</param>
    /// <param name="maxLength">At least 2.</param>
    public static IEnumerable<string> Cut(string text, int maxLength)
    {
        int start = 0;
        while (text.Length - start > maxLength)
        {
            int length = FindEnd(text.AsSpan(start, maxLength));
            yield return text.Substring(start, length);
            start += length;
        }

        yield return text[start..];
    }

    // A piece is at least half full, so that a text is not cut into crumbs.
    private static int FindEnd(ReadOnlySpan<char> piece)
    {
        ReadOnlySpan<char> last = piece[(piece.Length / 2)..];
        foreach (string separator in (ReadOnlySpan<string>)["\n\n", "\n", ". ", "\u3002", " "])
        {
            if (last.LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and var at)
            {
                return piece.Length - last.Length + at + separator.Length;
            }
        }

        return char.IsHighSurrogate(piece[^1]) ? piece.Length - 1 : piece.Length;
    }
}
