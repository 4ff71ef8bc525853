using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.VectorData;

/// <summary>How a generator of embeddings reads what it is given.</summary>
public sealed record LibraryEmbeddingOptions
{
    /// <summary>What texts are, for models that read questions and what is stored differently. Default
    /// <see cref="TextRole.Passage"/>; a search of a collection always asks with a question.</summary>
    public TextRole Role { get; init; } = TextRole.Passage;

    /// <summary>True to read the beginning of a text that is too long for the model; false, the default, to refuse it.</summary>
    public bool Truncates { get; init; }
}
