using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Search;

/// <summary>Where the clauses of a query stand in a text, in whatever inflected form.</summary>
internal static class TextMarks
{
    /// <summary>The marks in the order of the text; those of different clauses may overlap.</summary>
    public static List<TextMark> Find(AnalyzedText text, IReadOnlyList<TextClause> clauses)
    {
        List<TextMark> marks = [];
        IReadOnlyList<TextToken> tokens = text.Tokens;
        foreach (TextClause clause in clauses)
        {
            for (int i = 0; i < tokens.Count; i++)
            {
                int count = clause.Surfaces.Count == 1
                    ? (IsWord(tokens[i], text.Language, clause) ? 1 : 0)
                    : CountPhrase(tokens, i, clause);
                if (count > 0)
                {
                    TextToken last = tokens[i + count - 1];
                    marks.Add(new TextMark(clause, tokens[i].Offset, last.Offset + last.Length - tokens[i].Offset));
                }
            }
        }

        marks.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        return marks;
    }

    private static bool IsWord(TextToken token, TextLanguage? language, TextClause clause) =>
        token.Surface == clause.Surfaces[0] || (clause.IsPrefix && token.Surface.StartsWith(clause.Surfaces[0], StringComparison.Ordinal))
        || (language is not null && clause.Stems.Count > 0 && clause.Stems.Contains(language.Mark(token.Stem)));

    // Words that were put together at line ends stand between the others and are no part of a phrase.
    private static int CountPhrase(IReadOnlyList<TextToken> tokens, int start, TextClause clause)
    {
        int found = 0;
        for (int i = start; i < tokens.Count; i++)
        {
            if (tokens[i].IsRepeat && found > 0)
            {
                continue;
            }

            bool isLast = found == clause.Surfaces.Count - 1;
            bool fits = tokens[i].Surface == clause.Surfaces[found]
                || (isLast && clause.IsPrefix && tokens[i].Surface.StartsWith(clause.Surfaces[found], StringComparison.Ordinal));
            if (!fits)
            {
                return 0;
            }

            if (++found == clause.Surfaces.Count)
            {
                return i - start + 1;
            }
        }

        return 0;
    }
}
