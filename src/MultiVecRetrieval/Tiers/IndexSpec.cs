namespace MultiVecRetrieval.Tiers;

/// <summary>The text that names a tier of indexes, in parts: <c>ward:16/hnsw:8x64</c>.</summary>
/// <param name="Text">The whole.</param>
/// <param name="Reduction">What comes before the last slash (<c>ward:16</c>); empty when there is none.</param>
/// <param name="Family">The kind of index (<c>hnsw</c>).</param>
/// <param name="Argument">What follows its colon (<c>8x64</c>); empty when nothing does.</param>
internal sealed record IndexSpec(string Text, string Reduction, string Family, string Argument)
{
    public static IndexSpec Parse(string text)
    {
        int slash = text.LastIndexOf('/');
        string last = text[(slash + 1)..];
        int colon = last.IndexOf(':', StringComparison.Ordinal);
        return new IndexSpec(text, slash < 0 ? "" : text[..slash], colon < 0 ? last : last[..colon], colon < 0 ? "" : last[(colon + 1)..]);
    }
}
