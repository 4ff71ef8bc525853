namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>GPT-2's pre-tokenizer: words with their leading space, then one printable character per UTF-8 byte.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    private static readonly PatternSplitter Words = new(
        new RegexPattern(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), SplitBehavior.Isolated);

    /// <inheritdoc/>
    public IEnumerable<TextPiece> Split(TextPiece piece)
    {
        if (addPrefixSpace && !piece.Text.StartsWith(' '))
        {
            piece = piece with { Text = " " + piece.Text };
        }

        IEnumerable<TextPiece> words = useRegex ? Words.Split(piece) : [piece];
        return words.Select(word => word with { Text = ByteAlphabet.Encode(word.Text) });
    }
}
