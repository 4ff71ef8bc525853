using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Matches a regular expression in the syntax of tokenizer.json over code points.</summary>
/// <remarks>
/// .NET matches UTF-16 units, so that \p{L} misses letters beyond U+FFFF. Each such character is therefore matched as one
/// stand-in from the lower plane with the same general category; positions are mapped back.
/// </remarks>
internal sealed class RegexPattern(string pattern) : ITextPattern
{
    private readonly Regex _regex = new(RegexSyntax.Translate(pattern), RegexOptions.CultureInvariant | RegexOptions.Multiline);

    /// <inheritdoc/>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        if (!text.Any(char.IsSurrogate))
        {
            for (Match match = _regex.Match(text); match.Success; match = match.NextMatch())
            {
                yield return (match.Index, match.Index + match.Length);
            }

            yield break;
        }

        (string shadow, int[] offsets) = Shadow(text);
        for (Match match = _regex.Match(shadow); match.Success; match = match.NextMatch())
        {
            yield return (offsets[match.Index], offsets[match.Index + match.Length]);
        }
    }

    private static (string Shadow, int[] Offsets) Shadow(string text)
    {
        StringBuilder shadow = new(text.Length);
        List<int> offsets = new(text.Length + 1);
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            offsets.Add(at);
            at += rune.Utf16SequenceLength;
            shadow.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
        }

        offsets.Add(at);
        return (shadow.ToString(), [.. offsets]);
    }

    // Rare characters, so that no literal or range of a pattern means them.
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u2C00',
        UnicodeCategory.LowercaseLetter => '\u2C30',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA717',
        UnicodeCategory.OtherLetter => '\uA000',
        UnicodeCategory.NonSpacingMark => '\uFE20',
        UnicodeCategory.SpacingCombiningMark => '\uA823',
        UnicodeCategory.EnclosingMark => '\uA670',
        UnicodeCategory.DecimalDigitNumber => '\uA8D0',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.ConnectorPunctuation => '\uFE33',
        UnicodeCategory.DashPunctuation => '\u2E17',
        UnicodeCategory.OpenPunctuation => '\u2E28',
        UnicodeCategory.ClosePunctuation => '\u2E29',
        UnicodeCategory.InitialQuotePunctuation => '\u2E02',
        UnicodeCategory.FinalQuotePunctuation => '\u2E03',
        UnicodeCategory.OtherPunctuation => '\u2CF9',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\u2800',
        UnicodeCategory.Format => '\u2061',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u2FE0',
    };
}
