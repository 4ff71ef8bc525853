namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>A part of the text on its way to the model.</summary>
/// <param name="Text">The part, not empty.</param>
/// <param name="IsAtStart">True for the part with which the whole text begins.</param>
internal readonly record struct TextPiece(string Text, bool IsAtStart);
