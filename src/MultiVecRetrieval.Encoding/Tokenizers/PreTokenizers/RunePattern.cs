using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Matches every single character of a class.</summary>
internal sealed class RunePattern(Func<Rune, bool> isMatch) : ITextPattern
{
    /// <inheritdoc/>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int length);
            if (isMatch(rune))
            {
                yield return (at, at + length);
            }

            at += length;
        }
    }
}
