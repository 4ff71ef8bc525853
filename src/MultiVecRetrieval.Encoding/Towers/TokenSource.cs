namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Makes tokens of text. Thread-safe.</summary>
internal abstract class TokenSource
{
    /// <summary>Everything that decides which ids come out, as text.</summary>
    public abstract string Identity { get; }

    /// <summary>What it is, for people.</summary>
    public abstract string Description { get; }

    /// <summary>Tokens that are read at most, with the special ones.</summary>
    public abstract int MaxLength { get; }

    public abstract TokenInput Encode(string text);

    /// <summary>Token ids with the special tokens, untruncated and unpadded.</summary>
    public abstract IReadOnlyList<int> Tokenize(string text);
}
