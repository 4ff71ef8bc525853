using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Splits text into words over a small alphabet and spells them as ids. Immutable.</summary>
/// <remarks>
/// Characters are folded as <see cref="LetterFolds"/> says and combining marks dropped, so that "Café" reads cafe. A word is a run of
/// letters of the alphabet. A letter or digit that does not fold (ß, Cyrillic) is left out without ending the word, as the model's
/// training did; everything else ends it.
/// </remarks>
internal sealed class LetterWords
{
    private readonly Dictionary<char, int> _ids = [];
    private readonly int _wordLength;

    /// <param name="alphabet">Letters in the order of their ids, from 1.</param>
    /// <param name="wordLength">Ids per word; a shorter word is padded with 0, a longer one cut.</param>
    public LetterWords(string alphabet, int wordLength)
    {
        foreach (char letter in alphabet)
        {
            _ids.Add(letter, _ids.Count + 1);
        }

        _wordLength = wordLength;
    }

    /// <summary>Ids per word.</summary>
    public int WordLength => _wordLength;

    /// <summary>The words of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="unreadable">Parts between white space that hold no letter of the alphabet.</param>
    public IReadOnlyList<string> Split(string text, out IReadOnlyList<string> unreadable)
    {
        List<string> words = [];
        List<string> skipped = [];
        StringBuilder word = new();
        foreach (string part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int before = words.Count;
            foreach (Rune rune in part.EnumerateRunes())
            {
                foreach (char letter in LetterFolds.Find(rune) ?? Rune.ToLowerInvariant(rune).ToString())
                {
                    Read(letter, rune);
                }
            }

            Close();
            if (words.Count == before)
            {
                skipped.Add(part);
            }
        }

        unreadable = skipped;
        return words;

        void Read(char letter, Rune rune)
        {
            if (_ids.ContainsKey(letter))
            {
                word.Append(letter);
            }
            else if (letter == ' ' || (!Rune.IsLetterOrDigit(rune) && !IsMark(rune)))
            {
                Close();
            }
        }

        void Close()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>The ids of a word, padded with 0 or cut to <see cref="WordLength"/>.</summary>
    public void Spell(string word, Span<long> ids)
    {
        ids.Clear();
        for (int i = 0; i < Math.Min(word.Length, _wordLength); i++)
        {
            ids[i] = _ids[word[i]];
        }
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
