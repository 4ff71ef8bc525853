using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A part of a question: exactly one of a text, a picture, a stored entry and rows.</summary>
public sealed record QueryPart
{
    /// <summary>Words to find or to understand.</summary>
    public string? Text { get; init; }

    /// <summary>A picture, as a file.</summary>
    public string? ImagePath { get; init; }

    /// <summary>A picture, as an encoded file in memory.</summary>
    public ReadOnlyMemory<byte>? ImageBytes { get; init; }

    /// <summary>Key of a stored entry; the entry itself is left out of the answer.</summary>
    public string? Entry { get; init; }

    /// <summary>Rows of the space <see cref="Space"/>, made elsewhere by its encoder.</summary>
    public MultiVector? Rows { get; init; }

    /// <summary>The space of <see cref="Rows"/>.</summary>
    public string? Space { get; init; }

    /// <summary>
    /// What of the picture or entry is meant: a box, of a video a time span too. Null, the default: all of it. Of a space that keeps
    /// several rows of an entry those whose middle lies there are taken; of one that keeps a single row, that part of the picture is
    /// encoded.
    /// </summary>
    public Place? Region { get; init; }

    /// <summary>Name of an attribute of the collection (<see cref="AttributeDefinition"/>): answers are to be like the part in this respect alone,
    /// as far as the rows of its space say. Null, the default: in every respect.</summary>
    public string? Attribute { get; init; }

    /// <summary>What it is in the question. Default <see cref="QueryRole.Subject"/>.</summary>
    public QueryRole Role { get; init; }

    /// <summary>How much it counts, in [-100, 100] and not 0. Default 1. What has a negative weight is taken away: an answer is to be
    /// unlike it. Of an excluded part, in (0, 1]: how much of it is taken away.</summary>
    public double Weight { get; init; } = 1;

    internal bool HasPicture => ImagePath is not null || ImageBytes is not null;

    /// <summary>True when an answer is to be like it.</summary>
    internal bool IsWanted => Role != QueryRole.Exclude && Weight > 0;
}
