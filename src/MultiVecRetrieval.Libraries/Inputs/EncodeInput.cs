using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval;

/// <summary>What a model is to encode: exactly one of a text, a picture and a stored entry.</summary>
public sealed record EncodeInput
{
    /// <summary>What errors and notices call it. Default <c>input</c>.</summary>
    public string Name { get; init; } = "input";

    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>What the text is, for models that read queries and what is stored differently; models with an image side read every text as
    /// a query. Default <see cref="TextRole.Passage"/>.</summary>
    public TextRole Role { get; init; } = TextRole.Passage;

    /// <summary>A picture, as an encoded file in memory.</summary>
    public ReadOnlyMemory<byte>? ImageBytes { get; init; }

    /// <summary>Key of a stored entry: its rows are taken as they are stored.</summary>
    public string? Entry { get; init; }

    /// <summary>The collection of <see cref="Entry"/>.</summary>
    public string? Collection { get; init; }
}
