namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>SentencePiece's pre-tokenizer: each space becomes a visible sign that begins the next word.</summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme scheme, bool split) : IPreTokenizer
{
    private readonly PatternSplitter _words = new(new LiteralPattern(replacement.ToString()), SplitBehavior.MergedWithNext);

    /// <inheritdoc/>
    public IEnumerable<TextPiece> Split(TextPiece piece)
    {
        string text = piece.Text.Replace(' ', replacement);
        bool prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && piece.IsAtStart);
        if (prepends && !text.StartsWith(replacement))
        {
            text = replacement + text;
        }

        piece = piece with { Text = text };
        return split ? _words.Split(piece) : [piece];
    }
}
