namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Matches a fixed text; an empty one matches nowhere.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    /// <inheritdoc/>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        if (literal.Length == 0)
        {
            yield break;
        }

        for (int at = text.IndexOf(literal, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(literal, at + literal.Length, StringComparison.Ordinal))
        {
            yield return (at, at + literal.Length);
        }
    }
}
