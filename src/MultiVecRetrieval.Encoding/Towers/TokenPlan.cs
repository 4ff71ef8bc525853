using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>What a <see cref="TokenTower"/> needs to know.</summary>
internal sealed record TokenPlan
{
    public required string Folder { get; init; }

    public required OnnxGraphHeader Graph { get; init; }

    public required OnnxTensor Input { get; init; }

    public required OnnxTensor Output { get; init; }

    public required TokenSource Tokens { get; init; }

    /// <summary>Length of a vector of the graph.</summary>
    public required int Dimension { get; init; }

    /// <summary>Leading values of a vector that are kept; null for all.</summary>
    public int? MatryoshkaDimension { get; init; }

    /// <summary>Length of a vector that comes out.</summary>
    public int KeptDimension => MatryoshkaDimension ?? Dimension;

    /// <summary>The graph that takes the pooled vector to the space; null when it is there already.</summary>
    public OnnxGraphHeader? Head { get; init; }

    /// <summary>The wordings of short queries; null when a query is read as it is.</summary>
    public ShortQueriesDescription? ShortQueries { get; init; }

    /// <summary>Used when the output has one row per token.</summary>
    public required Pooling Pooling { get; init; }

    public required bool LayerNormalize { get; init; }

    /// <summary>Text around the query; {} stands for it.</summary>
    public required string Prompt { get; init; }

    /// <summary>Text around the query, by task; names are the same in any case.</summary>
    public IReadOnlyDictionary<string, string> TaskPrompts { get; init; } = new Dictionary<string, string>();

    /// <summary>Text around a passage; {} stands for it.</summary>
    public required string PassagePrompt { get; init; }

    /// <summary>Texts per run, when the graph fixes them.</summary>
    public int? FixedBatch { get; init; }

    /// <summary>The empty picture that a combined graph is fed, where its input depends on the picture; else there is
    /// <see cref="ImageSide"/>.</summary>
    public IReadOnlyList<TensorFeed> EmptyPicture { get; init; } = [];

    /// <summary>Height and width of the dummy image that a combined graph is fed.</summary>
    public required (int Height, int Width) ImageSide { get; init; }
}
