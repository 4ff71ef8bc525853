using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>What a <see cref="PictureRunner"/> needs to know.</summary>
internal sealed record PicturePlan
{
    public required string Folder { get; init; }

    public required OnnxGraphHeader Graph { get; init; }

    public required OnnxTensor Input { get; init; }

    public required OnnxTensor Output { get; init; }

    /// <summary>The output with one saliency per row; null when the graph has none.</summary>
    public OnnxTensor? Saliency { get; init; }

    /// <summary>Zeros for the inputs of the other side of a graph that takes pictures and videos.</summary>
    public IReadOnlyList<TensorFeed> OtherSide { get; init; } = [];

    /// <summary>What the picture is put into; null for a graph without tokens.</summary>
    public PicturePrompt? Prompt { get; init; }

    /// <summary>Length of a vector of the graph.</summary>
    public required int Dimension { get; init; }

    /// <summary>Leading values of a vector that are kept; null for all.</summary>
    public int? MatryoshkaDimension { get; init; }

    /// <summary>Used when the output has one row per token or patch.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>True to leave out the rows of prompt and marks.</summary>
    public bool ImageRowsOnly { get; init; }

    /// <summary>True when rows keep the length that the graph gives them.</summary>
    public bool KeepsLength { get; init; }
}
