using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>One side of a model as it was detected.</summary>
/// <typeparam name="TTower">Its tower.</typeparam>
/// <param name="Graph">Its graph.</param>
/// <param name="Dimension">d; null when only a run can tell.</param>
/// <param name="IsMultiVector">True when an input gives several rows.</param>
/// <param name="Identity">Everything besides the graph that decides which vectors come out, as text; goes into the space's id.</param>
/// <param name="Create">Makes the tower.</param>
internal sealed record SidePlan<TTower>(
    OnnxGraphHeader Graph, int? Dimension, bool IsMultiVector, string Identity, Func<OnnxSessions, int, TTower> Create)
{
    /// <summary>True when an input's rows come with their saliency.</summary>
    public bool GivesSaliency { get; init; }

    /// <summary>Pixels that it sees of a picture, whatever the picture's size; null where that decides.</summary>
    public int? PicturePixels { get; init; }

    /// <summary>True when it names what a picture shows.</summary>
    public bool GivesTags { get; init; }

    /// <summary>Tasks with a prompt of their own around a query.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Tokens of a passage at most; 0 for a side that encodes none.</summary>
    public int PassageTokens { get; init; }
}
