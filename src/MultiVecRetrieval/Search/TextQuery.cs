using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Search;

/// <summary>
/// What a user typed, as a query of the full-text index. Words are alternatives: an entry with more and rarer ones ranks higher, and a
/// word that occurs nowhere costs nothing. <c>"a phrase"</c> must be there, <c>-word</c> and <c>-"a phrase"</c> must not, and
/// <c>histo*</c> is every word that begins so.
/// </summary>
internal sealed class TextQuery
{
    /// <summary>More than anyone types; keeps a pasted document from becoming a query of many seconds.</summary>
    public const int MaxClauses = 64;

    private TextQuery(IReadOnlyList<TextClause> wanted, IReadOnlyList<TextClause> unwanted, string plain, bool isCut)
    {
        (Wanted, Unwanted, Plain, IsCut) = (wanted, unwanted, plain, isCut);
        Ranked = wanted.Any(clause => !clause.IsCommon) ? [.. wanted.Where(clause => !clause.IsCommon)] : wanted;
    }

    /// <summary>What is asked for, in order, each once.</summary>
    public IReadOnlyList<TextClause> Wanted { get; }

    /// <summary>What must not be there.</summary>
    public IReadOnlyList<TextClause> Unwanted { get; }

    /// <summary>Of <see cref="Wanted"/> what tells entries apart: all but common words, unless there is nothing else.</summary>
    public IReadOnlyList<TextClause> Ranked { get; }

    /// <summary>The text without its operators and without what is unwanted: what an encoder reads.</summary>
    public string Plain { get; }

    /// <summary>True when clauses beyond <see cref="MaxClauses"/> were left out.</summary>
    public bool IsCut { get; }

    /// <summary>True when entries are left out, whatever side finds them.</summary>
    public bool IsRestricting => Unwanted.Count > 0 || Wanted.Any(clause => clause.IsRequired);

    /// <summary>Reads what was typed; nothing is an error.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="languages">Languages of the texts that are searched: words are looked for in their inflected forms; null for all that
    /// are known.</param>
    public static TextQuery Parse(string text, IReadOnlyList<TextLanguage>? languages = null)
    {
        List<TextClause> wanted = [];
        List<TextClause> unwanted = [];
        List<string> plain = [];
        foreach (Piece piece in Cut(text))
        {
            if (!piece.IsUnwanted)
            {
                plain.Add(piece.Text);
            }

            foreach (TextClause clause in ToClauses(piece, languages))
            {
                (piece.IsUnwanted ? unwanted : wanted).Add(clause);
            }
        }

        wanted = [.. wanted.DistinctBy(clause => (string.Join(' ', clause.Surfaces), clause.IsPrefix))];
        TextLanguage? language = wanted.Count > 1
            ? TextLanguage.Guess(wanted.Where(clause => clause.Surfaces.Count == 1).Select(clause => clause.Surfaces[0]))
            : TextLanguage.English;
        wanted = [.. wanted.Select(clause => clause with { IsCommon = IsCommon(clause, language) })];
        return new TextQuery(
            [.. wanted.Take(MaxClauses)], [.. unwanted.Take(MaxClauses)], string.Join(' ', plain), wanted.Count > MaxClauses);
    }

    /// <summary>The query as an FTS5 expression; null when it asks for nothing.</summary>
    public string? ToExpression()
    {
        if (Ranked.Count == 0)
        {
            return null;
        }

        string any = string.Join(" OR ", Ranked.Select(clause => clause.ToExpression()));
        string required = string.Join(" AND ", Ranked.Where(clause => clause.IsRequired).Select(clause => clause.ToExpression()));
        // Every phrase of the expression counts in the rank, so those that are not required still raise it.
        return required.Length == 0 ? any : $"({required}) AND ({any})";
    }

    private static bool IsCommon(TextClause clause, TextLanguage? language) =>
        clause is { IsRequired: false, IsPrefix: false, Surfaces.Count: 1 } && language?.CommonWords.Contains(clause.Surfaces[0]) == true;

    private static IEnumerable<TextClause> ToClauses(Piece piece, IReadOnlyList<TextLanguage>? languages)
    {
        IReadOnlyList<TextToken> tokens = [.. TextAnalyzer.Analyze(piece.Text, language: null).Tokens.Where(token => !token.IsRepeat)];
        if (tokens.Count == 0)
        {
            yield break;
        }

        if (piece.IsPhrase)
        {
            yield return new TextClause
            {
                Label = piece.Text,
                Surfaces = [.. WithoutLastCharacters(tokens).Select(token => token.Surface)],
                IsRequired = !piece.IsUnwanted,
            };
            yield break;
        }

        // Pairs of a run of dense writing stand for the run, as a phrase; each other word for itself.
        for (int i = 0; i < tokens.Count;)
        {
            int end = i + 1;
            while (end < tokens.Count && IsPair(tokens[i]) && IsPair(tokens[end])
                && tokens[end].Offset < tokens[end - 1].Offset + tokens[end - 1].Length)
            {
                end++;
            }

            TextToken[] run = [.. WithoutLastCharacters([.. tokens.Skip(i).Take(end - i)])];
            TextToken last = run[^1];
            string label = piece.Text[run[0].Offset..(last.Offset + last.Length)];
            bool isSingle = run.Length == 1 && !IsPair(run[0]);
            yield return new TextClause
            {
                Label = label,
                Surfaces = [.. run.Select(token => token.Surface)],
                Stems = isSingle && !piece.IsPrefix ? Stems(run[0].Surface, languages) : new HashSet<string>(),
                IsPrefix = (piece.IsPrefix && end == tokens.Count) || (run.Length == 1 && IsPair(run[0]) && IsLone(run[0].Surface)),
            };
            i = end;
        }
    }

    // The last character of a run stands alone in the index, so that it is found by itself; in a query it would ask for an end there.
    private static IEnumerable<TextToken> WithoutLastCharacters(IReadOnlyList<TextToken> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            bool isEnd = i > 0 && IsPair(tokens[i]) && IsLone(tokens[i].Surface)
                && tokens[i].Offset < tokens[i - 1].Offset + tokens[i - 1].Length;
            if (!isEnd)
            {
                yield return tokens[i];
            }
        }
    }

    private static bool IsPair(TextToken token) =>
        System.Text.Rune.DecodeFromUtf16(token.Surface, out System.Text.Rune first, out _) == System.Buffers.OperationStatus.Done
        && TextAnalyzer.IsDense(first);

    private static bool IsLone(string surface) => surface.EnumerateRunes().Count() == 1;

    private static HashSet<string> Stems(string surface, IReadOnlyList<TextLanguage>? languages) => surface.All(char.IsLetter)
        ? [.. (languages ?? TextLanguage.All).Select(language => language.Mark(language.Stem(surface)))]
        : [];

    // Cuts at white space, except within quotation marks.
    private static IEnumerable<Piece> Cut(string text)
    {
        int i = 0;
        while (i < text.Length)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            bool isUnwanted = text[i] == '-' && i + 1 < text.Length && (IsQuote(text[i + 1]) || IsPlainWord(text, i + 1));
            i += isUnwanted ? 1 : 0;
            if (IsQuote(text[i]) && text.IndexOfAny(Quotes, i + 1) is > 0 and int close)
            {
                yield return new Piece(text[(i + 1)..close], isUnwanted, IsPhrase: true, IsPrefix: false);
                i = close + 1;
                continue;
            }

            int end = i;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            bool isPrefix = end - i > 1 && text[end - 1] == '*' && char.IsLetterOrDigit(text[end - 2]);
            yield return new Piece(text[i..(isPrefix ? end - 1 : end)], isUnwanted, IsPhrase: false, isPrefix);
            i = end;
        }
    }

    // A minus sign stands before a word and after a space; in "a - b" and "well-known" it is none, and neither in what was copied from
    // a command line: -B, -O2, -DSHARED_LIBS:bool=OFF.
    private static bool IsPlainWord(string text, int start)
    {
        int end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        ReadOnlySpan<char> word = text.AsSpan(start, end - start).TrimEnd(".,;?!*");
        bool isOption = word.Length == 1 ? word[0] < 0x80 : word.IndexOfAny("=_:/") >= 0 || (word.Length == 2 && char.IsAsciiDigit(word[1]));
        return word.Length > 0 && char.IsLetterOrDigit(word[0]) && !isOption;
    }

    private static readonly char[] Quotes = ['"', '\u201C', '\u201D', '\u201E'];

    private static bool IsQuote(char c) => Array.IndexOf(Quotes, c) >= 0;

    private readonly record struct Piece(string Text, bool IsUnwanted, bool IsPhrase, bool IsPrefix);
}
