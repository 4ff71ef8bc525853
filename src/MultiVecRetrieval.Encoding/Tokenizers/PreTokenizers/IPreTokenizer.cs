namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Splits text into the words that the model segments. Stateless and thread-safe.</summary>
internal interface IPreTokenizer
{
    /// <summary>The words of a piece, in order, none of them empty.</summary>
    IEnumerable<TextPiece> Split(TextPiece piece);
}
