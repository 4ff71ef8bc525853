using MultiVecRetrieval.Search;

namespace MultiVecRetrieval;

/// <summary>The language of text queries: words, <c>"phrases"</c>, <c>-unwanted</c>, <c>begin*</c>.</summary>
public static class SearchText
{
    /// <summary>What an encoder is to read of a query: without quotation marks and asterisks, and without what is unwanted.</summary>
    public static string WithoutOperators(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextQuery.Parse(text).Plain;
    }
}
