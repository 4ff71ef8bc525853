namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>The variants of byte-pair encoding that tokenizer.json knows.</summary>
internal sealed record BpeOptions
{
    /// <summary>The token for characters outside the vocabulary; null drops them.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Put before every character but the first of a word.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>Put after the last character of a word; &lt;/w&gt; for CLIP.</summary>
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>Neighbouring unknown characters are one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Characters outside the vocabulary become tokens of their bytes.</summary>
    public bool FallsBackToBytes { get; init; }

    /// <summary>A word that is a token is taken as it is.</summary>
    public bool IgnoresMerges { get; init; }
}
