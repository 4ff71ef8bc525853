using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>What a <see cref="CrossEncoder"/> needs to know.</summary>
internal sealed record CrossEncoderPlan
{
    public required string Folder { get; init; }

    public required OnnxGraphHeader Graph { get; init; }

    public required OnnxTensor Input { get; init; }

    public required OnnxTensor Output { get; init; }

    public required Tokenizer Tokenizer { get; init; }

    public required PairFrame Frame { get; init; }

    /// <summary>Tokens of a pair at most, with the special ones.</summary>
    public required int MaxLength { get; init; }

    /// <summary>True when the score is the logistic of the logit; false when it is the logit.</summary>
    public required bool IsLogistic { get; init; }
}
