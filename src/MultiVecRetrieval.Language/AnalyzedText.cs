namespace MultiVecRetrieval.Language;

/// <summary>The words of a text, in its order.</summary>
/// <param name="Tokens">The words. Of writing without spaces every two neighbouring characters are one, and the last character.</param>
/// <param name="Language">Its language; null when that is not known.</param>
public sealed record AnalyzedText(IReadOnlyList<TextToken> Tokens, TextLanguage? Language)
{
    /// <summary>The surfaces with spaces between them, as an index takes them; words that were broken come once more at the end.</summary>
    public string JoinSurfaces() => string.Join(' ',
        Tokens.Where(token => !token.IsRepeat).Concat(Tokens.Where(token => token.IsRepeat)).Select(token => token.Surface));

    /// <summary>The stems, each marked with its language, without those of common words; empty where no language is known.</summary>
    public string JoinStems() => Language is null
        ? ""
        : string.Join(' ', Tokens.Where(token => !Language.CommonWords.Contains(token.Surface)).Select(token => Language.Mark(token.Stem)));
}
