using System.Text;
using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Splits where word characters meet others, as \w+|[^\w\s]+ does on text without white space.</summary>
internal sealed class WordSplitter : IPreTokenizer
{
    /// <inheritdoc/>
    public IEnumerable<TextPiece> Split(TextPiece piece)
    {
        int start = 0;
        bool? previous = null;
        for (int at = 0; at < piece.Text.Length;)
        {
            Rune.DecodeFromUtf16(piece.Text.AsSpan(at), out Rune rune, out int length);
            bool isWord = CharacterRules.IsWord(rune);
            if (previous is not null && previous != isWord)
            {
                yield return new TextPiece(piece.Text[start..at], piece.IsAtStart && start == 0);
                start = at;
            }

            previous = isWord;
            at += length;
        }

        yield return new TextPiece(piece.Text[start..], piece.IsAtStart && start == 0);
    }
}
