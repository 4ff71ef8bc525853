using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Search;

/// <summary>
/// The words of a user's text as an FTS5 query. Each word becomes a quoted string, in which FTS5 knows no operators, and the
/// words are joined by OR: BM25 ranks entries with more and rarer words first, and a word that occurs nowhere costs nothing,
/// while AND would turn one misspelt word into an empty answer.
/// </summary>
internal static class FullTextQuery
{
    /// <summary>More words than anyone types; keeps a pasted document from becoming a query of many seconds.</summary>
    public const int MaxTerms = 64;

    /// <summary>The distinct words, in order, at most <see cref="MaxTerms"/>; cut at everything but letters, digits and marks.</summary>
    public static IReadOnlyList<string> GetTerms(string text)
    {
        List<string> terms = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes().Append(new Rune(' ')))
        {
            if (IsTokenCharacter(rune))
            {
                word.Append(rune.ToString());
                continue;
            }

            if (word.Length > 0 && terms.Count < MaxTerms && seen.Add(word.ToString()))
            {
                terms.Add(word.ToString());
            }

            word.Clear();
        }

        return terms;
    }

    public static string Build(IEnumerable<string> terms) => string.Join(" OR ", terms.Select(Quote));

    public static string Quote(string term) => $"\"{term.Replace("\"", "\"\"")}\"";

    // A superset of what unicode61 keeps together: what it splits further inside a quoted string becomes a phrase.
    private static bool IsTokenCharacter(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;
}
