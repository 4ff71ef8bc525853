using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Language;

/// <summary>Finds the words of a text: for the index, for queries, and for the marks in what was found.</summary>
/// <remarks>
/// A word is a run of letters, digits and marks. Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese, which are searched for parts of
/// such runs, become pairs of neighbouring characters. A word broken by a hyphen at the end of a line is there in parts and whole.
/// </remarks>
public static class TextAnalyzer
{
    /// <summary>Changes when other words come out; an index that was made by another version is made anew.</summary>
    public const int Version = 1;

    /// <summary>The words of a text, with stems by its own language.</summary>
    public static AnalyzedText Analyze(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<TextToken> words = Split(text);
        TextLanguage? language = TextLanguage.Guess(words.Select(word => word.Surface))
            ?? (words.Exists(word => word.Surface.Any(char.IsAsciiLetter)) ? TextLanguage.English : null);
        return new AnalyzedText(Stem(words, language), language);
    }

    /// <summary>The words of a text, with stems by a given language.</summary>
    public static AnalyzedText Analyze(string text, TextLanguage? language)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AnalyzedText(Stem(Split(text), language), language);
    }

    /// <summary>True for a character of a writing without spaces between words.</summary>
    public static bool IsDense(Rune rune) => rune.Value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1100 and <= 0x11FF) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x3130 and <= 0x318F) or (>= 0x31F0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFF66 and <= 0xFFDC) or (>= 0x20000 and <= 0x323AF);

    private static List<TextToken> Stem(List<TextToken> words, TextLanguage? language)
    {
        if (language is null)
        {
            return words;
        }

        for (int i = 0; i < words.Count; i++)
        {
            // Names of things with digits, and pairs of dense writing, have no endings.
            if (words[i].Surface.All(c => char.IsLetter(c) && c < 0x0E00))
            {
                words[i] = words[i] with { Stem = language.Stem(words[i].Surface) };
            }
        }

        return words;
    }

    private static List<TextToken> Split(string text)
    {
        List<TextToken> words = [];
        int start = 0;
        while (start < text.Length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(start), out Rune rune, out int length);
            if (!IsWordCharacter(rune))
            {
                start += length;
                continue;
            }

            bool isDense = IsDense(rune);
            int end = start + length;
            while (end < text.Length)
            {
                Rune.DecodeFromUtf16(text.AsSpan(end), out Rune next, out length);
                bool goesOn = IsWordCharacter(next) ? IsDense(next) == isDense || IsMark(next) : !isDense && IsInside(text, end);
                if (!goesOn)
                {
                    break;
                }

                end += length;
            }

            if (isDense)
            {
                AddPairs(words, text, start, end);
            }
            else
            {
                AddWord(words, text, start, end);
            }

            start = end;
        }

        return words;
    }

    // "don't" is one word, and so is one with a soft hyphen.
    private static bool IsInside(string text, int position) => text[position] is '\u00AD' or '\u200C' or '\u200D' or '\u0640'
        || (text[position] is '\'' or '\u2019' && position + 1 < text.Length && char.IsLetter(text[position + 1])
            && char.IsLetter(text[position - 1]));

    private static void AddWord(List<TextToken> words, string text, int start, int end)
    {
        string word = text[start..end];
        int apostrophe = word.IndexOfAny(['\'', '\u2019']);
        if (apostrophe > 0)
        {
            // l'eau, d'accord, qu'il: an article or preposition and a word. The camera's: the word. Don't: one word.
            if (apostrophe <= 2)
            {
                AddWord(words, text, start, start + apostrophe);
                AddWord(words, text, start + apostrophe + 1, end);
                return;
            }

            word = word[(apostrophe + 1)..] is "s" or "S"
                ? word[..apostrophe]
                : word.Replace("'", "", StringComparison.Ordinal).Replace("\u2019", "", StringComparison.Ordinal);
        }

        string surface = TextFolding.Fold(word);
        if (surface.Length == 0)
        {
            return;
        }

        TextToken token = new(surface, surface, start, end - start);
        if (words.Count > 0 && IsBroken(text, words[^1], start))
        {
            string whole = words[^1].Surface + surface;
            words.Add(token);
            words.Add(new TextToken(whole, whole, words[^2].Offset, end - words[^2].Offset, IsRepeat: true));
            return;
        }

        words.Add(token);
    }

    // "environ-" at the end of a line and "mental" at the beginning of the next.
    private static bool IsBroken(string text, TextToken last, int start)
    {
        int hyphen = last.Offset + last.Length;
        return !last.IsRepeat && hyphen < start && text[hyphen] is '-' or '\u2010' && char.IsLetter(text[hyphen - 1])
            && char.IsLower(text[start]) && text.AsSpan(hyphen + 1, start - hyphen - 1) is { Length: > 0 } between
            && between.Contains('\n') && between.IsWhiteSpace();
    }

    private static void AddPairs(List<TextToken> words, string text, int start, int end)
    {
        int[] offsets = [.. Offsets(text, start, end), end];
        for (int i = 0; i + 1 < offsets.Length; i++)
        {
            int last = Math.Min(i + 2, offsets.Length - 1);
            string surface = TextFolding.Fold(text[offsets[i]..offsets[last]]);
            if (surface.Length > 0)
            {
                words.Add(new TextToken(surface, surface, offsets[i], offsets[last] - offsets[i]));
            }
        }
    }

    private static IEnumerable<int> Offsets(string text, int start, int end)
    {
        for (int i = start; i < end;)
        {
            yield return i;
            Rune.DecodeFromUtf16(text.AsSpan(i), out _, out int length);
            i += length;
        }
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsWordCharacter(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse;
}
