using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>BERT's cleaning: controls out, every space a blank, ideographs set apart, accents and case removed on request.</summary>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase) : INormalizer
{
    private static readonly UnicodeForm FormD = new(NormalizationForm.FormD);

    /// <inheritdoc/>
    public string Normalize(string text)
    {
        StringBuilder result = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (cleanText && (rune.Value is 0 or 0xFFFD || CharacterRules.IsControl(rune)))
            {
                continue;
            }

            if (cleanText && Rune.IsWhiteSpace(rune))
            {
                result.Append(' ');
            }
            else if (handleChineseChars && CharacterRules.IsIdeograph(rune))
            {
                result.Append(' ').Append(rune.ToString()).Append(' ');
            }
            else
            {
                result.Append(rune.ToString());
            }
        }

        string cleaned = result.ToString();
        if (stripAccents)
        {
            cleaned = Filter(FormD.Normalize(cleaned), static (rune, target) =>
            {
                if (!CharacterRules.IsNonSpacingMark(rune))
                {
                    target.Append(rune.ToString());
                }
            });
        }

        return lowercase ? Filter(cleaned, CharacterRules.AppendLower) : cleaned;
    }

    private static string Filter(string text, Action<Rune, StringBuilder> append) => new RuneNormalizer(append).Normalize(text);
}
