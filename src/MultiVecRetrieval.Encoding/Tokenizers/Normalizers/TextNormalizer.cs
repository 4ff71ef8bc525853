namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Rewrites a text as a whole by one function.</summary>
internal sealed class TextNormalizer(Func<string, string> rewrite) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text) => rewrite(text);
}
