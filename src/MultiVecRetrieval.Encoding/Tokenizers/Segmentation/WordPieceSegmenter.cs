using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>Longest match from the left; a word that cannot be cut completely is one unknown token.</summary>
/// <remarks>Source: Devlin et al., BERT, arXiv:1810.04805; Schuster and Nakajima 2012.</remarks>
internal sealed class WordPieceSegmenter(Vocabulary vocabulary, string prefix, int unknownId, int longestWord) : ISegmenter
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public void Segment(string word, List<int> ids)
    {
        int before = ids.Count;
        if (RuneCount(word) > longestWord)
        {
            ids.Add(unknownId);
            return;
        }

        Span<char> buffer = new char[prefix.Length + word.Length];
        for (int start = 0; start < word.Length;)
        {
            int lead = start == 0 ? 0 : prefix.Length;
            prefix.AsSpan(0, lead).CopyTo(buffer);
            word.AsSpan(start).CopyTo(buffer[lead..]);
            int end = Math.Min(word.Length - start, vocabulary.LongestLength - lead);
            int id = -1;
            while (end > 0 && (IsInsideCharacter(word, start + end) || !vocabulary.TryGetId(buffer[..(lead + end)], out id)))
            {
                end--;
            }

            if (end <= 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                ids.Add(unknownId);
                return;
            }

            ids.Add(id);
            start += end;
        }
    }

    private static bool IsInsideCharacter(string word, int index) => index < word.Length && char.IsLowSurrogate(word[index]);

    private static int RuneCount(string word)
    {
        int count = 0;
        foreach (Rune _ in word.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
