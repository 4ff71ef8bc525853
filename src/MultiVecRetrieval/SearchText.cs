using MultiVecRetrieval.Language;
using MultiVecRetrieval.Search;

namespace MultiVecRetrieval;

/// <summary>The language of text queries: words, <c>"phrases"</c>, <c>-unwanted</c>, <c>begin*</c>.</summary>
public static class SearchText
{
    /// <summary>The words of a text, folded, of which a language has so many that they tell nothing; none where there are no
    /// others.</summary>
    public static IReadOnlySet<string> FindCommonWords(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        TextQuery query = TextQuery.Parse(text);
        return query.Ranked.Count == query.Wanted.Count
            ? new HashSet<string>()
            : query.Wanted.Where(clause => clause.IsCommon).Select(clause => clause.Surfaces[0]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Folds a word as queries and texts are folded: case, accents, compatibility forms.</summary>
    public static string Fold(string word) => TextFolding.Fold(word);

    /// <summary>What an encoder is to read of a query: without quotation marks and asterisks, and without what is unwanted.</summary>
    public static string WithoutOperators(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextQuery.Parse(text).Plain;
    }
}
