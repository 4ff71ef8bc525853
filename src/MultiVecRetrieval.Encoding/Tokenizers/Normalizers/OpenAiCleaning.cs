using System.Globalization;
using System.Net;
using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>The cleaning of OpenAI's CLIP tokenizer: HTML entities resolved twice, white space collapsed, lower case.</summary>
/// <remarks>The repair of mis-encoded text (ftfy) is left out, and of entities those with a semicolon and an HTML 4 name are
/// known.</remarks>
internal sealed class OpenAiCleaning : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        string decoded = WebUtility.HtmlDecode(WebUtility.HtmlDecode(text));
        StringBuilder result = new(decoded.Length);
        Rune[] runes = [.. decoded.EnumerateRunes()];
        bool pendingSpace = false;
        for (int i = 0; i < runes.Length; i++)
        {
            if (IsPythonSpace(runes[i]))
            {
                pendingSpace = result.Length > 0;
                continue;
            }

            if (pendingSpace)
            {
                result.Append(' ');
                pendingSpace = false;
            }

            if (runes[i].Value == 'Σ' && EndsWord(runes, i))
            {
                result.Append('ς');
            }
            else
            {
                CharacterRules.AppendLower(runes[i], result);
            }
        }

        return result.ToString();
    }

    // Python's \s and strip also take the four information separators.
    private static bool IsPythonSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    // Unicode's Final_Sigma: a cased letter before, none after, with case-ignorable characters in between allowed.
    private static bool EndsWord(Rune[] runes, int index) => HasCasedNeighbour(runes, index, -1) && !HasCasedNeighbour(runes, index, 1);

    private static bool HasCasedNeighbour(Rune[] runes, int index, int step)
    {
        for (int i = index + step; i >= 0 && i < runes.Length; i += step)
        {
            switch (Rune.GetUnicodeCategory(runes[i]))
            {
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter:
                    return true;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                    or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol:
                    continue;
                default:
                    if (runes[i].Value is '\'' or '.' or ':' or 0xB7 or 0x2018 or 0x2019 or 0x2024 or 0x2027)
                    {
                        continue;
                    }

                    return false;
            }
        }

        return false;
    }
}
