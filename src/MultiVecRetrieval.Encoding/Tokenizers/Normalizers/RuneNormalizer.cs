using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Rewrites text character by character: each rune appends what replaces it.</summary>
internal sealed class RuneNormalizer(Action<Rune, StringBuilder> append) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        StringBuilder result = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            append(rune, result);
        }

        return result.ToString();
    }
}
