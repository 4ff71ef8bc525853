using System.Text;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Replaces every match of a pattern by a literal text.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        StringBuilder result = new(text.Length + 8);
        int done = 0;
        foreach ((int start, int end) in pattern.Matches(text))
        {
            result.Append(text, done, start - done).Append(content);
            done = end;
        }

        return done == 0 && result.Length == 0 ? text : result.Append(text, done, text.Length - done).ToString();
    }
}
