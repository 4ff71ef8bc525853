using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;
using MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>The parts of a tokenizer, as its files describe them.</summary>
internal sealed record TokenizerDefinition
{
    /// <summary>The files and kinds, for people: "BPE (tokenizer.json)".</summary>
    public required string Source { get; init; }

    /// <summary>Cuts words into tokens.</summary>
    public required ISegmenter Segmenter { get; init; }

    /// <summary>Rewrites the text; null leaves it.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>Splits the text into words; null takes it as one word.</summary>
    public IPreTokenizer? PreTokenizer { get; init; }

    /// <summary>Tokens found in the text itself.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>What stands before and after every text.</summary>
    public SpecialFrame Frame { get; init; } = SpecialFrame.Empty;

    /// <summary>What stands around two texts that are read together; null when the files do not say.</summary>
    public PairFrame? Pair { get; init; }

    /// <summary>Padding id, or null when the files name none.</summary>
    public int? PadId { get; init; }

    /// <summary>True when padding comes before the text.</summary>
    public bool PadsLeft { get; init; }

    /// <summary>True when a long text loses its beginning.</summary>
    public bool TruncatesLeft { get; init; }

    /// <summary>The longest input of the model, with special tokens; null when the files name none.</summary>
    public int? MaxLength { get; init; }
}
