namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The image side of an <see cref="EncoderDescription"/>.</summary>
internal sealed record VisionDescription
{
    /// <summary>The graph, relative to the folder.</summary>
    public string? Graph { get; init; }

    /// <summary>Name of the pixel input.</summary>
    public string? Input { get; init; }

    /// <summary>Name of the output that holds the vectors.</summary>
    public string? Output { get; init; }

    /// <summary>Name of the output [batch, rows] that says how important each row is.</summary>
    public string? SaliencyOutput { get; init; }

    /// <summary>Present when rows are as important as the attention that they get.</summary>
    public AttentionDescription? Attention { get; init; }

    /// <summary>How [batch, rows, d] becomes vectors.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Token ids that the graph wants beside the pixels, as runs of [id, count].</summary>
    public IReadOnlyList<IReadOnlyList<long>>? InputIds { get; init; }

    /// <summary>What a picture is put into, for a model that reads it among tokens: a text that holds the image token once. The
    /// family's by default.</summary>
    public string? Prompt { get; init; }

    /// <summary>True to keep the rows of image tokens only, without those of the prompt and of marks between tiles. False by default, as
    /// the references do.</summary>
    public bool? ImageRowsOnly { get; init; }

    /// <summary>Tokens of a picture at least, where its size decides; the family's or the preprocessor file's by default.</summary>
    public int? MinImageTokens { get; init; }

    /// <summary>Tokens of a picture at most, where its size decides; by default the smaller of the family's and the file's.</summary>
    public int? MaxImageTokens { get; init; }

    /// <summary>Index of the first row that belongs to the patch grid of a multi-vector output.</summary>
    public int? FirstGridRow { get; init; }

    /// <summary>The part of the input that each row of a multi-vector output shows, as [left, top, right, bottom] in 0..1; by default the
    /// rows are a grid of patches.</summary>
    public IReadOnlyList<IReadOnlyList<float>>? Boxes { get; init; }

    /// <summary>True when rows keep the length that the graph gives them, because it weighs something; they have unit length by
    /// default.</summary>
    public bool? KeepsLength { get; init; }

    /// <summary>Present when the graph also names what it sees.</summary>
    public TagsDescription? Tags { get; init; }

    /// <summary>Present when the graph takes gray ink of any size and gives a grid of cells.</summary>
    public InkGridDescription? InkGrid { get; init; }
}
