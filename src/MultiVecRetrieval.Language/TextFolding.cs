using System.Text;

namespace MultiVecRetrieval.Language;

/// <summary>
/// Folds words so that what people type finds what was printed: NFKC, lower case, no accents in Latin, Greek and Cyrillic, no points in
/// Hebrew and Arabic, ß as ss. Marks that make other letters (kana, Thai, Devanagari) stay.
/// </summary>
public static class TextFolding
{
    private static readonly UnicodeNormalizer Compatible = new(NormalizationForm.FormKC);
    private static readonly UnicodeNormalizer Decomposed = new(NormalizationForm.FormKD);

    /// <summary>The folded text; may be empty.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        StringBuilder kept = new(text.Length);
        foreach (Rune rune in Decomposed.Normalize(text).EnumerateRunes())
        {
            if (!IsDropped(rune.Value))
            {
                kept.Append(Fold(Rune.ToLowerInvariant(rune)));
            }
        }

        return Compatible.Normalize(kept.ToString());
    }

    private static string Fold(Rune rune) => rune.Value switch
    {
        0x00DF => "ss",
        0x03C2 => "\u03C3",
        0x0131 => "i",
        0x00F8 => "o",
        0x0142 => "l",
        0x0111 => "d",
        0x00E6 => "ae",
        0x0153 => "oe",
        // Letters of Arabic that are typed for one another.
        0x0649 or 0x06CC => "\u064A",
        0x06A9 => "\u0643",
        0x0640 => "",
        _ => rune.ToString(),
    };

    // Combining marks of Latin, Greek and Cyrillic; points of Hebrew and Arabic; soft hyphen, joiners and marks of direction.
    private static bool IsDropped(int point) => point is (>= 0x0300 and <= 0x036F) or (>= 0x0591 and <= 0x05C7) or (>= 0x0610 and <= 0x061A)
        or (>= 0x064B and <= 0x065F) or 0x0670 or (>= 0x06D6 and <= 0x06ED) or 0x00AD or (>= 0x200B and <= 0x200F)
        or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2069) or 0xFEFF;
}
