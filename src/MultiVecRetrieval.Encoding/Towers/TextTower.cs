namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The text side of a model. Thread-safe.</summary>
internal abstract class TextTower
{
    public abstract EncodedText Encode(string text, TextRole role, CancellationToken cancellationToken);

    /// <summary>Encodes a query with the prompt of a task; only towers whose model has such prompts do.</summary>
    public virtual EncodedText Encode(string text, string task, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The model has no prompts by task; {task} was asked for.");

    /// <summary>Token ids with the special tokens, untruncated and unpadded.</summary>
    public abstract IReadOnlyList<int> Tokenize(string text);

    /// <summary>How many tokens a text has; about, where they are made elsewhere.</summary>
    public virtual int CountTokens(string text) => Tokenize(text).Count;
}
