namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The text side of an <see cref="EncoderDescription"/>.</summary>
internal sealed record TextDescription
{
    /// <summary>The graph, relative to the folder.</summary>
    public string? Graph { get; init; }

    /// <summary>Name of the token input.</summary>
    public string? Input { get; init; }

    /// <summary>Name of the output that holds the vectors.</summary>
    public string? Output { get; init; }

    /// <summary>How [batch, tokens, d] becomes vectors.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Mean and variance of the pooled vector are normalised before its length is.</summary>
    public bool? LayerNormalize { get; init; }

    /// <summary>What makes tokens of text.</summary>
    public TokenizerKind? Tokenizer { get; init; }

    /// <summary>Folder of the tokenizer's files, relative to the model folder; the model folder by default.</summary>
    public string? TokenizerFolder { get; init; }

    /// <summary>Tokens at most, with the special ones.</summary>
    public int? MaxLength { get; init; }

    /// <summary>True to pad every text to <see cref="MaxLength"/>.</summary>
    public bool? PadToMaxLength { get; init; }

    /// <summary>The token that pads; the tokenizer's own by default.</summary>
    public int? PadId { get; init; }

    /// <summary>Text around the query; <c>{}</c> stands for it. "{}" by default.</summary>
    public string? Prompt { get; init; }

    /// <summary>Text around a passage, for a model of two text sides; <c>{}</c> stands for it. "{}" by default.</summary>
    public string? PassagePrompt { get; init; }

    /// <summary>A second graph, relative to the folder, that takes the pooled vector [1, n] to the space.</summary>
    public string? Head { get; init; }

    /// <summary>Present when short queries are read in several wordings.</summary>
    public ShortQueriesDescription? ShortQueries { get; init; }

    /// <summary>True for a model that learned languages in Latin letters only: what it makes of other writing means nothing.</summary>
    public bool? LatinOnly { get; init; }

    /// <summary>Tokens of a passage at most when text is cut for the model; 200 or what the model reads, whichever is less, by
    /// default.</summary>
    public int? PassageTokens { get; init; }

    /// <summary>Present for <see cref="TokenizerKind.LetterWords"/>: letters in the order of their ids, from 1.</summary>
    public string? Alphabet { get; init; }

    /// <summary>Letters of a word at most, for <see cref="TokenizerKind.LetterWords"/>.</summary>
    public int? WordLength { get; init; }

    /// <summary>Present for <see cref="TokenizerKind.HashedWords"/>.</summary>
    public HashedWordsDescription? HashedWords { get; init; }
}
