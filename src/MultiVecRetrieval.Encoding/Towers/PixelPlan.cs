using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>What a <see cref="PixelTower"/> needs to know.</summary>
internal sealed record PixelPlan
{
    public required string Folder { get; init; }

    public required OnnxGraphHeader Graph { get; init; }

    public required OnnxTensor Input { get; init; }

    public required OnnxTensor Output { get; init; }

    /// <summary>The output with one saliency per row; null when the graph has none.</summary>
    public OnnxTensor? Saliency { get; init; }

    /// <summary>The attention that rows get, as their saliency; null when it is not asked for.</summary>
    public AttentionPlan? Attention { get; init; }

    /// <summary>Graph, preprocessing and fed ids: what decides all outputs of a run.</summary>
    public required string RunIdentity { get; init; }

    /// <summary>What names pictures; null when the graph does not.</summary>
    public TagPlan? Tags { get; init; }

    public required ImagePreprocessor Preprocessor { get; init; }

    /// <summary>Length of a vector of the graph.</summary>
    public required int Dimension { get; init; }

    /// <summary>Leading values of a vector that are kept; null for all.</summary>
    public int? MatryoshkaDimension { get; init; }

    /// <summary>Length of a vector that comes out.</summary>
    public int KeptDimension => MatryoshkaDimension ?? Dimension;

    /// <summary>Used when the output has one row per patch or token.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>Images per run, when the graph fixes them.</summary>
    public int? FixedBatch { get; init; }

    /// <summary>Token ids that go with every image.</summary>
    public required long[] Ids { get; init; }

    /// <summary>Side of a square patch in pixels; null when unknown.</summary>
    public int? PatchSize { get; init; }

    /// <summary>The part of the input that each row shows; null for a grid of patches.</summary>
    public Place[]? Boxes { get; init; }

    /// <summary>True when rows keep the length that the graph gives them.</summary>
    public bool KeepsLength { get; init; }

    /// <summary>Index of the first row of the patch grid; null to find it by the number of rows.</summary>
    public int? FirstGridRow { get; init; }
}
