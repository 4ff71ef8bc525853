namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Splits by each pre-tokenizer in turn.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> preTokenizers) : IPreTokenizer
{
    /// <inheritdoc/>
    public IEnumerable<TextPiece> Split(TextPiece piece)
    {
        IEnumerable<TextPiece> pieces = [piece];
        foreach (IPreTokenizer preTokenizer in preTokenizers)
        {
            pieces = [.. pieces.SelectMany(preTokenizer.Split)];
        }

        return pieces;
    }
}
