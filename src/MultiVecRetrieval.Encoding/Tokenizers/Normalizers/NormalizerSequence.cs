namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Applies normalizers one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        foreach (INormalizer normalizer in normalizers)
        {
            text = normalizer.Normalize(text);
        }

        return text;
    }
}
