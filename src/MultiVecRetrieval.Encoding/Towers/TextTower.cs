namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The text side of a model. Thread-safe.</summary>
internal abstract class TextTower
{
    public abstract EncodedText Encode(string text, TextRole role, CancellationToken cancellationToken);

    /// <summary>Token ids with the special tokens, untruncated and unpadded.</summary>
    public abstract IReadOnlyList<int> Tokenize(string text);

    /// <summary>How many tokens a text has; about, where they are made elsewhere.</summary>
    public virtual int CountTokens(string text) => Tokenize(text).Count;
}
