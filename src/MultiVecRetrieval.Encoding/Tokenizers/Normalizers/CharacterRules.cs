using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Character classes and mappings that the tokenizers of the field agree on, over whole code points.</summary>
internal static class CharacterRules
{
    /// <summary>Appends the lower-case form of one character, alone: only İ (U+0130) becomes two characters.</summary>
    public static void AppendLower(Rune rune, StringBuilder result)
    {
        if (rune.Value == 0x130)
        {
            result.Append("i\u0307");
        }
        else
        {
            result.Append(Rune.ToLowerInvariant(rune).ToString());
        }
    }

    /// <summary>Any mark: nonspacing, spacing or enclosing.</summary>
    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>A nonspacing mark, such as an accent split off by form D.</summary>
    public static bool IsNonSpacingMark(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;

    /// <summary>Punctuation, or any ASCII sign that is neither letter, digit, control nor space.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        : Rune.IsPunctuation(rune);

    /// <summary>Controls, formats and private characters, except tab and line ends; unassigned characters stay, as in the
    /// reference.</summary>
    public static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>The ideographs that BERT sets apart by spaces.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>A character of a word: alphabetic, mark, decimal digit, connector or joiner (\w of Unicode's regular
    /// expressions).</summary>
    public static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => rune.Value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        _ => rune.Value is 0x200C or 0x200D,
    };

    /// <summary>Appends one character as SentencePiece's nmt rules have it: some controls vanish, odd spaces become spaces.</summary>
    public static void AppendNmt(Rune rune, StringBuilder result)
    {
        switch (rune.Value)
        {
            case (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F:
                break;
            case 0x9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD:
                result.Append(' ');
                break;
            default:
                result.Append(rune.ToString());
                break;
        }
    }
}
